namespace Ipam.Stores.Tests.Sqlite;

/// <summary>A test that mounts file systems, which only root may.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "mounts a file system; run as root";
    }
}
