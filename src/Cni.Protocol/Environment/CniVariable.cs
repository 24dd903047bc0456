namespace Cni.Protocol;

/// <summary>Names of the environment variables that carry a request's parameters (SPEC 1.1.0, section 2).</summary>
public static class CniVariable
{
    /// <summary>The verb.</summary>
    public const string Command = "CNI_COMMAND";

    /// <summary>The container's id.</summary>
    public const string ContainerId = "CNI_CONTAINERID";

    /// <summary>The path of the container's network namespace.</summary>
    public const string NetNs = "CNI_NETNS";

    /// <summary>The interface's name inside the container.</summary>
    public const string IfName = "CNI_IFNAME";

    /// <summary>Extra arguments, <c>K=V;K2=V2</c>.</summary>
    public const string Args = "CNI_ARGS";

    /// <summary>Folders to look for plugins in, separated by <c>:</c>.</summary>
    public const string Path = "CNI_PATH";

    /// <summary>
    /// <c>1</c> or <c>TRUE</c> lets CNI_NETNS be the plugin's own namespace. Not in the specification; the reference library has it.
    /// </summary>
    public const string NetNsOverride = "CNI_NETNS_OVERRIDE";
}
