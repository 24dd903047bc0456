using System.Net;
using Net.Plugin.Attachments;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Iptables;

/// <summary>
/// Masquerade by iptables and ip6tables, each attachment in a chain of its own. A change is one call of iptables-restore per family, which
/// does all of it or nothing.
/// </summary>
internal sealed class IptablesMasquerade(NatChains chains) : IMasquerade
{
    // A rule that is to be deleted may go while iptables-restore starts; then it is done again from what is left.
    private const int LargestAttempts = 5;

    private delegate List<string> Plan(NatRules rules);

    public string Name => MasqueradeBackend.Iptables;

    public string? WhyUnusable() => new IptablesProgram(IpFamily.V4).WhyUnusable();

    public void Prepare() => new IptablesProgram(IpFamily.V4).EnsureInstalled();

    public void Add(AttachmentTag tag, MasqueradeScope scope)
    {
        foreach (var family in IpFamilies.Both)
        {
            var own = scope.Of(family);
            if (own.Addresses.Count > 0)
                Add(tag, own, family);
            else
                Remove(tag, family);
        }
    }

    public string? WhatIsMissing(AttachmentTag tag, MasqueradeScope scope)
    {
        try
        {
            foreach (var family in IpFamilies.Both)
            {
                var own = scope.Of(family);
                if (own.Addresses.Count > 0 && WhatIsMissing(new IptablesProgram(family), tag, own) is { } missing)
                    return missing;
            }
            return null;
        }
        catch (FirewallException e)
        {
            return e.Message;
        }
    }

    public IReadOnlyList<AttachedAddresses> WhoLacksRules(IReadOnlyList<AttachedAddresses> attachments)
    {
        try
        {
            HashSet<AttachedAddresses> lacking = [];
            foreach (var family in IpFamilies.Both)
            {
                if (!attachments.Any(attached => attached.Addresses.Any(address => address.Family() == family)))
                    continue;
                var rules = chains.MayHaveAny(family) ? new IptablesProgram(family).Save() : new NatRules();
                lacking.UnionWith(attachments.Where(attached => attached.Addresses.Any(
                    address => address.Family() == family && !IsMasqueraded(address, attached.Tag, rules))));
            }
            return [.. lacking];
        }
        catch (FirewallException)
        {
            return attachments;
        }
    }

    // Its chains have names that nobody else knows; without the whole table there is none.
    public bool HasNothingOf(string networkPrefix) => !chains.MayHaveAny(IpFamily.V4) && !chains.MayHaveAny(IpFamily.V6);

    public void Remove(AttachmentTag tag)
    {
        foreach (var family in IpFamilies.Both)
            Remove(tag, family);
    }

    public void RemoveOthers(string networkPrefix, IReadOnlySet<string> keys, IReadOnlySet<IPAddress> inUse)
    {
        foreach (var family in IpFamilies.Both)
        {
            if (chains.MayHaveAny(family))
                Change(family, rules => Removal(rules, [.. Others(rules, networkPrefix, keys).Where(chain => !inUse.Any(address => IsFor(address, chain, rules)))]));
        }
    }

    private static HashSet<string> Others(NatRules rules, string networkPrefix, IReadOnlySet<string> keys) =>
        rules.ChainsWithComment(comment => IsOther(comment, networkPrefix, keys));

    private static bool IsFor(IPAddress address, string chain, NatRules rules) =>
        rules.JumpsTo(chain).Any(jump => jump.StartsWith($"-s {IpPrefix.Host(address)} ", StringComparison.Ordinal));

    private static bool IsMasqueraded(IPAddress address, AttachmentTag tag, NatRules rules) =>
        IsFor(address, tag.ChainName, rules) && rules.RulesOf(tag.ChainName).Any(Masquerades);

    private static bool Masquerades(string rule) => rule.EndsWith(" -j MASQUERADE", StringComparison.Ordinal);

    private static string? WhatIsMissing(IptablesProgram program, AttachmentTag tag, MasqueradeScope scope)
    {
        var rules = program.Save();
        var chain = rules.RulesOf(tag.ChainName).ToList();
        if (!chain.Exists(Masquerades))
            return $"{program.Name} has no chain {tag.ChainName} in its nat table that masquerades";
        foreach (var destination in Untouched(scope))
        {
            if (!chain.Exists(rule => rule.StartsWith(AsSaved(destination), StringComparison.Ordinal) && rule.EndsWith(" -j ACCEPT", StringComparison.Ordinal)))
                return $"{program.Name} masquerades what goes to {destination}, in chain {tag.ChainName}";
        }
        var jumps = rules.JumpsTo(tag.ChainName).ToList();
        foreach (var address in scope.Addresses)
        {
            if (!jumps.Exists(jump => jump.StartsWith($"-s {IpPrefix.Host(address.Address)} ", StringComparison.Ordinal)))
                return $"{program.Name} has no rule that leads from {address.Address} to chain {tag.ChainName}";
        }
        return null;
    }

    private static bool IsOther(string comment, string networkPrefix, IReadOnlySet<string> keys) =>
        AttachmentTag.KeyIn(comment, networkPrefix) is { } key && !keys.Contains(key);

    // The reference plugins' chain for the container goes too: an attachment may be older than this plugin.
    private void Remove(AttachmentTag tag, IpFamily family)
    {
        if (tag.ChainNames.Any(name => chains.MayHave(family, name)))
            Change(family, rules => Removal(rules, tag.ChainNames));
    }

    private void Add(AttachmentTag tag, MasqueradeScope scope, IpFamily family)
    {
        if (chains.MayHave(family, tag.ChainName))
            Change(family, rules => [.. Detach(rules, tag.ChainName), .. Addition(tag, scope, family)]);
        else
            new IptablesProgram(family).Restore(Addition(tag, scope, family));
    }

    // Naming the chain makes it, or empties it.
    private static List<string> Addition(AttachmentTag tag, MasqueradeScope scope, IpFamily family)
    {
        var comment = $"-m comment --comment \"{tag.Text}\"";
        var multicast = family == IpFamily.V4 ? "224.0.0.0/4" : "ff00::/8";
        return
        [
            $":{tag.ChainName} - [0:0]",
            .. Untouched(scope).Map(destination => $"-A {tag.ChainName} -d {destination} {comment} -j ACCEPT"),
            $"-A {tag.ChainName} ! -d {multicast} {comment} -j MASQUERADE",
            .. scope.Addresses.Map(address => $"-A POSTROUTING -s {IpPrefix.Host(address.Address)} {comment} -j {tag.ChainName}"),
        ];
    }

    private static List<IpPrefix> Untouched(MasqueradeScope scope) => [.. scope.Addresses.Map(static address => address.Network), .. scope.Except];

    // iptables-save says nothing of a destination that is everything.
    private static string AsSaved(IpPrefix destination) => destination.Length == 0 ? "" : $"-d {destination} ";

    private static List<string> Removal(NatRules rules, IReadOnlyList<string> names)
    {
        var existing = names.Where(rules.HasChain).ToList();
        return
        [
            .. existing.SelectMany(name => Detach(rules, name)),
            .. existing.Map(name => $"-F {name}"),
            .. existing.Map(name => $"-X {name}"),
        ];
    }

    private static List<string> Detach(NatRules rules, string chain) => rules.JumpsTo(chain).Map(jump => $"-D POSTROUTING {jump}");

    private static void Change(IpFamily family, Plan plan)
    {
        var program = new IptablesProgram(family);
        for (var attempt = 1; ; attempt++)
        {
            var lines = plan(program.Save());
            if (lines.Count == 0)
                return;
            try
            {
                program.Restore(lines);
                return;
            }
            catch (FirewallException) when (attempt < LargestAttempts)
            {
                // Read again what is there now, and try again.
            }
        }
    }
}
