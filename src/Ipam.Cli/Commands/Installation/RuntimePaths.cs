namespace Ipam.Cli.Commands.Installation;

/// <summary>Where a container runtime looks for plugins and network configurations.</summary>
/// <param name="Runtime">What it is, in words.</param>
/// <param name="BinFolder">The folder of plugins, as the host calls it.</param>
/// <param name="ConfFolder">The folder of network configurations, as the host calls it.</param>
internal sealed record RuntimePaths(string Runtime, string BinFolder, string ConfFolder)
{
    /// <summary>Where containerd and CRI-O look if nobody tells them otherwise.</summary>
    public const string UsualBinFolder = "/opt/cni/bin";

    /// <summary>See <see cref="UsualBinFolder"/>.</summary>
    public const string UsualConfFolder = "/etc/cni/net.d";
}
