namespace Ipam.Service.Tests.Support;

/// <summary>A test that mounts something or takes on another user's identity.</summary>
public sealed class RequiresRootFactAttribute : FactAttribute
{
    public RequiresRootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "needs root, to mount a small disk or to ask as another user";
    }
}
