namespace Cni.Protocol;

/// <summary>One checked request.</summary>
/// <param name="Environment">The CNI_* variables, valid for the verb.</param>
/// <param name="Stdin">The configuration, byte for byte.</param>
/// <param name="Head">What the host read of it; <see cref="ReadConfiguration"/> reads the rest.</param>
/// <param name="Version">The configuration's version, which is supported and has the verb.</param>
public sealed record PluginRequest(
    CniEnvironment Environment, ReadOnlyMemory<byte> Stdin, NetworkConfigurationHead Head, CniVersion Version)
{
    /// <summary>The largest configuration that is read, in bytes; ipamd takes as much.</summary>
    public const int LargestStdin = 4 << 20;

    /// <summary>
    /// When it was asked for, if not now: a DEL that undoes an ADD is of the moment in which the ADD was answered, so that a later ADD of the same
    /// attachment keeps what it gets.
    /// </summary>
    public MonotonicMoment? Asked { get; init; }

    /// <summary>Which network namespace CNI_NETNS leads to; says nothing where nobody looked.</summary>
    public NamespaceMark Namespace { get; init; } = NamespaceMark.None;

    /// <summary>The whole configuration, for plugins that need more of it than the head. Reads it anew each time.</summary>
    public NetworkConfiguration ReadConfiguration() => NetworkConfiguration.Parse(Head, Stdin);
}
