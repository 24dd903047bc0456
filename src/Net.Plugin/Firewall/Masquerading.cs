using System.Net;
using Net.Plugin.Attachments;
using Net.Plugin.Firewall.Backends;
using Net.Plugin.Firewall.Iptables;
using Net.Plugin.Firewall.Nftables;
using Net.Plugin.Netlink;

namespace Net.Plugin.Firewall;

/// <summary>
/// Both ways to masquerade, in the network namespace of the thread that first uses them. What is added goes one way; what is removed is
/// looked for in both, since the configuration may have changed in between.
/// </summary>
internal sealed class Masquerading : IDisposable
{
    private readonly Lazy<NetlinkSocket> _netfilter = new(() => NetlinkSocket.Open(NetlinkProtocol.Netfilter), LazyThreadSafetyMode.None);
    private readonly NftablesMasquerade _nftables;
    private readonly IptablesMasquerade _iptables;

    public Masquerading()
    {
        _nftables = new NftablesMasquerade(_netfilter);
        _iptables = new IptablesMasquerade(new NatChains(_netfilter));
    }

    /// <summary>
    /// The way that the configuration names or, where it names none (null), nftables if this host has it, else iptables. It is prepared.
    /// </summary>
    /// <exception cref="FirewallException">The host can't do it.</exception>
    public IMasquerade Choose(string? backend)
    {
        if (backend is not null)
            return Prepared(ByName(backend));
        try
        {
            return Prepared(_nftables);
        }
        catch (FirewallException first)
        {
            try
            {
                return Prepared(_iptables);
            }
            catch (FirewallException second)
            {
                throw new FirewallException($"this host can't masquerade: nftables: {first.Message}; iptables: {second.Message}");
            }
        }
    }

    /// <summary>Why this host can't masquerade as the configuration says, as far as can be told without changing anything; null if it can.</summary>
    public string? WhyUnusable(string? backend)
    {
        if (backend is not null)
            return ByName(backend).WhyUnusable();
        return _nftables.WhyUnusable() is { } first && _iptables.WhyUnusable() is { } second
            ? $"nftables: {first}; iptables: {second}"
            : null;
    }

    /// <summary>What is missing of the attachment's rules; null if one of the ways that the configuration allows has them all.</summary>
    public string? WhatIsMissing(string? backend, AttachmentTag tag, MasqueradeScope scope)
    {
        if (backend is not null)
            return ByName(backend).WhatIsMissing(tag, scope);
        return _nftables.WhatIsMissing(tag, scope) is { } first && _iptables.WhatIsMissing(tag, scope) is not null ? first : null;
    }

    /// <summary>Those that have no rule for one of their addresses in any of the ways that the configuration allows.</summary>
    public IReadOnlyList<AttachedAddresses> WhoLacksRules(string? backend, IReadOnlyList<AttachedAddresses> attachments)
    {
        if (backend is not null)
            return ByName(backend).WhoLacksRules(attachments);
        var lacking = _nftables.WhoLacksRules(attachments);
        return lacking.Count == 0 ? lacking : _iptables.WhoLacksRules(lacking);
    }

    /// <summary>Removes the attachment's rules, whichever way they were made.</summary>
    public void Remove(AttachmentTag tag)
    {
        _nftables.Remove(tag);
        _iptables.Remove(tag);
    }

    /// <summary>Removes the rules of the network's attachments that are not to be kept.</summary>
    public void RemoveOthers(string networkPrefix, IReadOnlySet<string> keys, IReadOnlySet<IPAddress> inUse)
    {
        _nftables.RemoveOthers(networkPrefix, keys, inUse);
        _iptables.RemoveOthers(networkPrefix, keys, inUse);
    }

    public void Dispose()
    {
        if (_netfilter.IsValueCreated)
            _netfilter.Value.Dispose();
    }

    private static IMasquerade Prepared(IMasquerade masquerade)
    {
        masquerade.Prepare();
        return masquerade;
    }

    private IMasquerade ByName(string backend) => backend == MasqueradeBackend.Iptables ? _iptables : _nftables;
}
