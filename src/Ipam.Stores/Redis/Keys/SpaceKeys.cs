using System.Globalization;
using Ipam.Core.Blocks;
using Ipam.Stores.Redis.Requests;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Keys;

/// <summary>
/// The keys of one address space. All have the same part in braces, so that a cluster keeps them in one slot (Redis cluster
/// specification, hash tags) and one script may use them all.
/// </summary>
internal sealed class SpaceKeys
{
    /// <summary>How many streams a space's history has; the commit script says the same.</summary>
    public const int HistoryStreams = 1024;

    private const string NoNodeName = "*";

    private readonly string _historyPrefix;

    /// <summary>The keys of a space.</summary>
    public SpaceKeys(string space)
    {
        var prefix = $"ipam:{{space/{KeyText.Of(space)}}}:";
        Space = space;
        Revision = prefix + "revision";
        Heads = prefix + "heads";
        Leases = prefix + "leases";
        Owners = prefix + "owners";
        Index = prefix + "index";
        Identity = prefix + "identity";
        NodePrefix = prefix + "node/";
        _historyPrefix = prefix + "history/";
    }

    /// <summary>The space.</summary>
    public string Space { get; }

    /// <summary>A number that grows with every commit; it is the version of each block that the commit changed, and is never deleted.</summary>
    public RedisKey Revision { get; }

    /// <summary>A hash: of each block its head.</summary>
    public RedisKey Heads { get; }

    /// <summary>A hash: of each address held its lease.</summary>
    public RedisKey Leases { get; }

    /// <summary>A hash: of each owner the entries, addresses and sequences of its leases.</summary>
    public RedisKey Owners { get; }

    /// <summary>A sorted set: the blocks, in order of their addresses.</summary>
    public RedisKey Index { get; }

    /// <summary>The identity of the store's past that the space belongs to.</summary>
    public RedisKey Identity { get; }

    /// <summary>What the keys of the nodes' sets begin with.</summary>
    public string NodePrefix { get; }

    /// <summary>A sorted set: the blocks that belong to a node, or to another one and hold a lease handed out on it; of no node if null.</summary>
    public RedisKey Node(string? node) => NodePrefix + NodeText(node);

    /// <summary>
    /// A stream: which leases of some blocks there were, of one among so many. They are bounded for a space, because a cluster that moves a slot has to move each key; and
    /// many, because all of one is read to find an address.
    /// </summary>
    public RedisKey History(BlockId block) => History((int)(block.Index % HistoryStreams));

    /// <summary>The same by its number, from 0.</summary>
    public RedisKey History(int number) => string.Create(CultureInfo.InvariantCulture, $"{_historyPrefix}{number:x3}");

    /// <summary>A node's name in a key; * for none, as which no name is encoded.</summary>
    public static string NodeText(string? node) => node is null ? NoNodeName : KeyText.Of(node);

    /// <summary>The node of such a text.</summary>
    public static string? ReadNode(string text) => text == NoNodeName ? null : KeyText.Read(text);

    /// <summary>Writes the field of an owner.</summary>
    public static void Write(Owner owner, Request to)
    {
        KeyText.Write(owner.Network, to);
        to.Write("/"u8);
        KeyText.Write(owner.ContainerId, to);
        to.Write("/"u8);
        KeyText.Write(owner.InterfaceName, to);
    }
}
