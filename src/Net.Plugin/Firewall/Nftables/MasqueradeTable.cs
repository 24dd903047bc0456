using System.Net;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>
/// The table that all attachments share, by the names that the reference plugins gave it: a base chain that lets multicast pass
/// and hands the rest to a chain with one rule per address. It stays when it is empty.
/// </summary>
internal static class MasqueradeTable
{
    public const string Name = "cni_plugins_masquerade";
    public const string Checks = "masq_checks";
    public const NftFamily Family = NftFamily.Inet;
    private const string Postrouting = "postrouting";
    private const int V4MulticastLength = 4;
    private const int V6MulticastLength = 8;

    private static readonly IRuleBody[] PostroutingRules =
    [
        new ReturnRule(new IpPrefix(new IPAddress([224, 0, 0, 0]), V4MulticastLength)),
        new ReturnRule(new IpPrefix(IPAddress.Parse("ff00::"), V6MulticastLength)),
        new GotoRule(Checks),
    ];

    /// <summary>Asks for all rules of the table.</summary>
    public static RuleList ListRules() => new(Family, Name);

    /// <summary>Whether packets come by the checks, going by the rules of the table.</summary>
    public static bool IsComplete(IEnumerable<NftRule> rules)
    {
        var found = 0;
        foreach (var rule in rules)
        {
            if (rule.Chain != Postrouting)
                continue;
            if (found == PostroutingRules.Length || rule.Body != RuleText.Of(PostroutingRules[found]))
                return false;
            found++;
        }
        return found == PostroutingRules.Length;
    }

    /// <summary>Makes the table, and its base chain's rules anew, whatever there is of them.</summary>
    public static IEnumerable<INetlinkRequest> Create() =>
    [
        new TableCreation(Family, Name),
        new ChainCreation(Family, Name, Checks),
        new ChainCreation(Family, Name, Postrouting, ChainHook.SourceNat),
        new RuleRemoval(Family, Name, Postrouting),
        .. PostroutingRules.Map(rule => new RuleAddition(Family, Name, Postrouting, rule)),
    ];

    public static RuleAddition Add(MasqueradeRule rule, string comment) => new(Family, Name, Checks, rule, comment);

    public static RuleRemoval Remove(NftRule rule) => new(Family, Name, rule.Chain, rule.Handle);
}
