using System.Net;
using Net.Plugin.Attachments;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Interop;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall.Nftables;

/// <summary>
/// Masquerade by nf_tables, spoken over netlink. Every change is one transaction. Others change the same table at the same time:
/// what a change builds on may be gone when it arrives, and then it is made again from what is there by then.
/// </summary>
internal sealed class NftablesMasquerade(Lazy<NetlinkSocket> netfilter) : IMasquerade
{
    // Each lost race means that somebody else's change went through, so 100 at once can't make one wait for ever.
    private const int LargestAttempts = 100;

    // Deleting very many at once is split, since the acknowledgements of one batch must fit into the receive buffer.
    private const int LargestRemoval = NetlinkSocket.LargestBatch - 2;

    private List<NftRule>? _prepared;

    public string Name => MasqueradeBackend.Nftables;

    public string? WhyUnusable()
    {
        try
        {
            _prepared = ReadRules();
            return null;
        }
        catch (NetlinkException e)
        {
            return e.Message;
        }
    }

    public void Prepare()
    {
        try
        {
            var rules = Change(rules => MasqueradeTable.IsComplete(rules) ? [] : MasqueradeTable.Create());
            // Only rules that are still there are worth keeping.
            _prepared = MasqueradeTable.IsComplete(rules) ? rules : null;
        }
        catch (NetlinkException e)
        {
            throw new FirewallException(e.Message);
        }
    }

    public void Add(AttachmentTag tag, MasqueradeScope scope) => Change(rules =>
    [
        .. MasqueradeTable.IsComplete(rules) ? [] : MasqueradeTable.Create(),
        .. rules.Where(rule => Belongs(rule, tag)).Map(MasqueradeTable.Remove),
        .. RulesFor(scope).Map(rule => MasqueradeTable.Add(rule, tag.Text)),
    ]);

    public string? WhatIsMissing(AttachmentTag tag, MasqueradeScope scope)
    {
        List<NftRule> rules;
        try
        {
            rules = ReadRules();
        }
        catch (NetlinkException e)
        {
            return e.Message;
        }
        if (!MasqueradeTable.IsComplete(rules))
            return $"the base chain of nftables table {MasqueradeTable.Name} is not as it should be";
        foreach (var wanted in RulesFor(scope))
        {
            var body = RuleText.Of(wanted);
            if (!rules.Exists(rule => Belongs(rule, tag) && rule.Body == body))
                return $"nftables table {MasqueradeTable.Name} has no rule for {wanted.Address} with the comment {tag.Key}";
        }
        return null;
    }

    public IReadOnlyList<AttachedAddresses> WhoLacksRules(IReadOnlyList<AttachedAddresses> attachments)
    {
        try
        {
            // What is added to those that lack something is added to what they have now.
            var rules = _prepared = ReadRules();
            if (!MasqueradeTable.IsComplete(rules))
                return attachments;
            Dictionary<string, List<NftRule>> byKey = [];
            foreach (var rule in rules)
            {
                if (rule.Chain == MasqueradeTable.Checks && AttachmentTag.KeyIn(rule.Comment) is { } key && !byKey.TryAdd(key, [rule]))
                    byKey[key].Add(rule);
            }
            return [.. attachments.Where(attached => attached.Addresses.Any(
                address => !byKey.TryGetValue(attached.Tag.Key, out var own) || !own.Exists(rule => IsFor(address, rule))))];
        }
        catch (NetlinkException)
        {
            return attachments;
        }
    }

    public bool HasNothingOf(string networkPrefix) =>
        _prepared is not { } rules || !rules.Exists(rule => rule.Chain == MasqueradeTable.Checks && AttachmentTag.KeyIn(rule.Comment, networkPrefix) is not null);

    public void Remove(AttachmentTag tag) => RemoveWhere(rule => Belongs(rule, tag));

    public void RemoveOthers(string networkPrefix, IReadOnlySet<string> keys, IReadOnlySet<IPAddress> inUse) => RemoveWhere(
        rule => AttachmentTag.KeyIn(rule.Comment, networkPrefix) is { } key && !keys.Contains(key) && !inUse.Any(address => IsFor(address, rule)));

    private static List<MasqueradeRule> RulesFor(MasqueradeScope scope) =>
        scope.Addresses.Map(address => new MasqueradeRule(address) { Except = scope.Of(address.Family).Except });

    // The address is compared with the packet's source.
    private static bool IsFor(IPAddress address, NftRule rule) =>
        rule.Body.Contains($" {Convert.ToHexStringLower(address.GetAddressBytes())};", StringComparison.Ordinal);

    private static bool Belongs(NftRule rule, AttachmentTag tag) =>
        rule.Chain == MasqueradeTable.Checks && AttachmentTag.KeyIn(rule.Comment) == tag.Key;

    private void RemoveWhere(Func<NftRule, bool> condition)
    {
        if (!MayHaveRules())
            return;
        var remaining = true;
        while (remaining)
        {
            remaining = false;
            Change(rules =>
            {
                var removals = rules.Where(rule => rule.Chain == MasqueradeTable.Checks && condition(rule)).Map(MasqueradeTable.Remove);
                remaining = removals.Count > LargestRemoval;
                return removals.Take(LargestRemoval);
            });
        }
    }

    // A kernel without nf_tables has no rules either.
    private bool MayHaveRules()
    {
        try
        {
            _prepared = ReadRules();
            return true;
        }
        catch (NetlinkException e) when (e.Errno is Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT or Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return false;
        }
    }

    // Returns the rules that the change was based on.
    private List<NftRule> Change(Func<List<NftRule>, IEnumerable<INetlinkRequest>> plan)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rules = _prepared ?? ReadRules();
            _prepared = null;
            INetlinkRequest[] changes = [.. plan(rules)];
            if (changes.Length == 0)
                return rules;
            try
            {
                netfilter.Value.Execute(BatchFrame.Around(changes));
                return rules;
            }
            catch (NetlinkException e) when (IsLostRace(e.Errno) && attempt < LargestAttempts)
            {
                // Read again what is there now, and try again.
            }
        }
    }

    // ENOENT: a rule or the table was deleted meanwhile. EEXIST, EBUSY, ERESTART, EAGAIN, EINTR: another transaction was in the way.
    private static bool IsLostRace(Errno errno) =>
        errno is Errno.ENOENT or Errno.EEXIST or Errno.EBUSY or Errno.ERESTART or Errno.EAGAIN or Errno.EINTR;

    private List<NftRule> ReadRules() =>
        netfilter.Value.Dump(MasqueradeTable.ListRules(), static message => NftRule.Parse(message) is { Table: MasqueradeTable.Name } rule ? rule : null);
}
