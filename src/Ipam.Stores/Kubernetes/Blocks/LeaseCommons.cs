namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>What leases have in common: written once per block.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Interface">The interface's name.</param>
/// <param name="Node">The node.</param>
/// <param name="PodNamespace">The pod's namespace; null if there is no pod.</param>
/// <param name="NetnsStart">How the path of the network namespace begins.</param>
/// <param name="CooldownSeconds">How long the address cools down once released.</param>
internal readonly record struct LeaseCommons(
    string Network, string Interface, string Node, string? PodNamespace, string NetnsStart, long CooldownSeconds)
{
    private const int UuidLength = 36;

    /// <summary>The length of the beginning of a path that other paths are likely to share: up to its last slash, or to the UUID at its end.</summary>
    public static int SharedLength(string path)
    {
        var afterSlash = path.LastIndexOf('/') + 1;
        var beforeUuid = path.Length - UuidLength;
        return beforeUuid >= afterSlash && Guid.TryParseExact(path.AsSpan(beforeUuid), "D", out _) ? beforeUuid : afterSlash;
    }
}
