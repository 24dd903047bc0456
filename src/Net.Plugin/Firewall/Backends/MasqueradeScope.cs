using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Backends;

/// <summary>What of an attachment's packets is masqueraded.</summary>
/// <param name="Addresses">Its addresses with the prefix of its network, to which it speaks in its own name.</param>
internal sealed record MasqueradeScope(IReadOnlyList<IpPrefix> Addresses)
{
    /// <summary>Other destinations to which it speaks in its own name.</summary>
    public IReadOnlyList<IpPrefix> Except { get; init; } = [];

    /// <summary>The part of a family.</summary>
    public MasqueradeScope Of(IpFamily family) => new(Only(Addresses, family)) { Except = Only(Except, family) };

    private static List<IpPrefix> Only(IReadOnlyList<IpPrefix> prefixes, IpFamily family) => [.. prefixes.Where(prefix => prefix.Family == family)];
}
