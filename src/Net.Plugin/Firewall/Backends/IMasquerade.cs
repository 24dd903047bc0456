using System.Net;
using Net.Plugin.Attachments;

namespace Net.Plugin.Firewall.Backends;

/// <summary>
/// Source NAT for what containers send out of their own network. Each attachment's rules carry its tag and are found by it alone.
/// Works in the network namespace in which the program runs.
/// </summary>
internal interface IMasquerade
{
    /// <summary>The name that the configuration has for it.</summary>
    string Name { get; }

    /// <summary>Why this host can't do it, as far as can be told without changing anything; null if it can.</summary>
    string? WhyUnusable();

    /// <summary>Does ahead what needs no addresses, so that <see cref="Add"/> is quick.</summary>
    /// <exception cref="FirewallException">This host can't do it.</exception>
    void Prepare();

    /// <summary>Makes the attachment's rules those for the scope: others that it had are gone, all at once.</summary>
    void Add(AttachmentTag tag, MasqueradeScope scope);

    /// <summary>What is missing of the rules that <see cref="Add"/> makes; null if nothing is.</summary>
    string? WhatIsMissing(AttachmentTag tag, MasqueradeScope scope);

    /// <summary>Those that have no rule for one of their addresses; all of them where that can't be found out.</summary>
    IReadOnlyList<AttachedAddresses> WhoLacksRules(IReadOnlyList<AttachedAddresses> attachments);

    /// <summary>
    /// Whether somebody may have taken away the rules of all the network's attachments, going by what <see cref="Prepare"/> has seen and what the
    /// kernel tells at once. Only true where nothing is left of them.
    /// </summary>
    /// <param name="networkPrefix">As <see cref="AttachmentTag.PrefixOf"/> gives it.</param>
    bool HasNothingOf(string networkPrefix);

    /// <summary>Removes the attachment's rules. None to remove, or a host that can't have any, is success.</summary>
    void Remove(AttachmentTag tag);

    /// <summary>Removes the rules of the network's attachments whose keys are not to be kept.</summary>
    /// <param name="networkPrefix">As <see cref="AttachmentTag.PrefixOf"/> gives it.</param>
    /// <param name="keys">Keys of the attachments to keep.</param>
    /// <param name="inUse">Addresses whose rules are kept, whatever attachment they are of.</param>
    void RemoveOthers(string networkPrefix, IReadOnlySet<string> keys, IReadOnlySet<IPAddress> inUse);
}

/// <summary>The firewall can't be made to do what the configuration asks, or a program that drives it failed.</summary>
internal sealed class FirewallException(string message) : HostException(message);
