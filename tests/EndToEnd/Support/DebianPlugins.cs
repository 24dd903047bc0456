namespace EndToEnd.Support;

/// <summary>The reference plugins of Debian's package containernetworking-plugins.</summary>
internal static class DebianPlugins
{
    public const string Folder = "/usr/lib/cni";

    public static string Bridge => $"{Folder}/bridge";

    public static string Ptp => $"{Folder}/ptp";
}
