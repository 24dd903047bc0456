namespace Ipam.Core.Stores;

/// <summary>
/// The nodes that work on a store. A store of one machine, which is not <see cref="IIpamStore.IsSharedByNodes"/>, keeps them apart from its data: they outlive a
/// loss. Members may be called from several threads at once, and throw as those of <see cref="IStorePasts"/>.
/// </summary>
public interface INodeRegistry
{
    /// <summary>How often a node is to renew its entry.</summary>
    TimeSpan RenewEvery { get; }

    /// <summary>For how long an entry may stay as it is although its run lives: renewals come late when the store or a disk is slow.</summary>
    TimeSpan Silence => (RenewEvery < Seldom ? 6 : 3) * RenewEvery;

    /// <summary>What counts as seldom: a store that is renewed that seldom is spared in other ways, too.</summary>
    static TimeSpan Seldom => TimeSpan.FromSeconds(10);

    /// <summary>The entry of a node; null if there is none.</summary>
    Task<NodeEntry?> FindAsync(string node, CancellationToken cancellationToken);

    /// <summary>All entries, in no order. Those of nodes that stopped are among them where the store keeps those.</summary>
    Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Writes an entry if the one that is there still is of the run <paramref name="formerRun"/>; null if there must be none.</summary>
    /// <returns>False if it isn't. Nothing is then written.</returns>
    Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken);

    /// <summary>Deletes an entry if it still is of this run.</summary>
    Task RemoveAsync(NodeEntry entry, CancellationToken cancellationToken);

    /// <summary>Deletes an entry, of a run or of a node that stopped, if it is still as given.</summary>
    /// <returns>False if it isn't. Nothing is then deleted.</returns>
    Task<bool> ForgetAsync(NodeEntry entry, CancellationToken cancellationToken);
}

/// <summary>A node that works on a store.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Instance">Which machine has the name: random, kept in the machine's state.</param>
/// <param name="Run">Which run of ipamd on that machine; random.</param>
/// <param name="Host">The machine's name, for people.</param>
/// <param name="Identity">The identity of the store's past in which the node has asserted its leases.</param>
/// <param name="Renewals">How often this run renewed the entry. Who sees it grow knows that the run lives.</param>
public sealed record NodeEntry(string Node, string Instance, string Run, string Host, string Identity, long Renewals)
{
    /// <summary>
    /// The UID of the node of the store's <see cref="IIpamStore.Cluster"/> that has this name, as the run found it; empty if it found none, so that it means
    /// nothing when the cluster has none.
    /// </summary>
    public string ClusterUid { get; init; } = "";

    /// <summary>
    /// Where the node serves the history that it keeps itself, as ADDRESS:PORT; empty if it doesn't. Kept by a store whose <see cref="IIpamStore.NodeHistories"/> asks
    /// there.
    /// </summary>
    public string HistoryAt { get; init; } = "";

    /// <summary>How far the node has come in the past of <see cref="Identity"/>.</summary>
    public RecoveryStep Step { get; init; }

    /// <summary>Whether ipamd was stopped there and took its leave: nobody works under the name now.</summary>
    public bool HasStopped => Run.Length == 0;
}

/// <summary>How far a node has come with what there is to do after a store lost data.</summary>
public enum RecoveryStep
{
    /// <summary>Nothing is left to do: it serves.</summary>
    Done = 0,

    /// <summary>
    /// It has released again what an older copy had brought back, and asserted its leases, but for those in whose place others are. Those may yet be released by
    /// the nodes that had handed them out.
    /// </summary>
    Contested = 1,

    /// <summary>It has asserted its leases, and waits until all others have.</summary>
    Asserted = 2,
}
