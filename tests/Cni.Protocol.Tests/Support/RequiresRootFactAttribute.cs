namespace Cni.Protocol.Tests;

/// <summary>A test that makes network namespaces or mounts.</summary>
public sealed class RequiresRootFactAttribute : FactAttribute
{
    public RequiresRootFactAttribute()
    {
        if (!System.Environment.IsPrivilegedProcess)
            Skip = "needs root, to make network namespaces and mounts";
    }
}
