using StackExchange.Redis;

namespace Ipam.Stores.Redis.Keys;

/// <summary>The keys that belong to no space; in one slot of their own.</summary>
internal static class StoreKeys
{
    /// <summary>A set: the names of all spaces that ever had a block.</summary>
    public static readonly RedisKey Spaces = "ipam:{store}:spaces";

    /// <summary>A number that grows with every change of a pool or a reservation.</summary>
    public static readonly RedisKey Revision = "ipam:{store}:revision";

    /// <summary>A hash: of each pool its version, when it was created, and its document.</summary>
    public static readonly RedisKey Pools = "ipam:{store}:pools";

    /// <summary>A hash: of each reservation the same.</summary>
    public static readonly RedisKey Reservations = "ipam:{store}:reservations";

    /// <summary>The identity of the store's past.</summary>
    public static readonly RedisKey Identity = "ipam:{store}:identity";

    /// <summary>The identity of the past whose losses an admin accepted.</summary>
    public static readonly RedisKey Accepted = "ipam:{store}:accepted";

    /// <summary>A hash: of each node its entry.</summary>
    public static readonly RedisKey Nodes = "ipam:{store}:nodes";

    /// <summary>A stream that is never there, to see whether streams may be read.</summary>
    public static readonly RedisKey History = "ipam:{store}:history";

    /// <summary>A hash: of each pool how its use went.</summary>
    public static readonly RedisKey Trends = "ipam:{store}:trends";

    /// <summary>A hash: of each interface of a sticky owner its addresses.</summary>
    public static readonly RedisKey Sticky = "ipam:{store}:sticky";

    /// <summary>A hash: of each quota who holds how much of it.</summary>
    public static readonly RedisKey Quotas = "ipam:{store}:quotas";

    /// <summary>A hash: of each role its leader's record.</summary>
    public static readonly RedisKey Leaders = "ipam:{store}:leaders";
}
