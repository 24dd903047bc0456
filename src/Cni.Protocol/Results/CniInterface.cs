namespace Cni.Protocol;

/// <summary>An interface in a result. Empty texts and an mtu of 0 are left out of the JSON.</summary>
/// <param name="Name">The interface's name.</param>
public sealed record CniInterface(string Name)
{
    /// <summary>Hardware address.</summary>
    public string Mac { get; init; } = "";

    /// <summary>Maximum transmission unit in bytes, 0 when not given. Only in results of 1.0.0 and up.</summary>
    public uint Mtu { get; init; }

    /// <summary>CNI_NETNS of the container's interfaces; empty for the host's.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>Path of a socket that stands for the interface. Only in results of 1.0.0 and up.</summary>
    public string SocketPath { get; init; } = "";

    /// <summary>PCI address. Only in results of 1.0.0 and up.</summary>
    public string PciId { get; init; } = "";
}
