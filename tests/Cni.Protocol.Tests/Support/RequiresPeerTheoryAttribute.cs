namespace Cni.Protocol.Tests;

/// <summary>A test against one of the reference plugins (Debian: containernetworking-plugins).</summary>
public sealed class RequiresPeerTheoryAttribute : TheoryAttribute
{
    public const string Folder = "/usr/lib/cni";

    public RequiresPeerTheoryAttribute(string plugin)
    {
        if (!File.Exists(Path.Combine(Folder, plugin)))
            Skip = $"needs the reference plugin {plugin} in {Folder}";
    }
}
