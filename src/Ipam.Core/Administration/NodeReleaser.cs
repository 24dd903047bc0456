using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Administration;

/// <summary>
/// Ends what a node that is gone for good has in a store: its leases, its blocks and its entry, block by block and one commit for each. Services may use the store
/// at the same time. Killed at any instant and run again, it ends the same. Not thread-safe.
/// </summary>
/// <param name="store">The store, open.</param>
/// <param name="watch">Watches the node: it may come back.</param>
/// <param name="places">The blocks that remember a place for the order <c>next</c>: <see cref="NodeHoldings.Places"/>.</param>
/// <param name="time">The clock for cooldowns, and for pauses between tries.</param>
/// <param name="random">Spreads these pauses.</param>
public sealed class NodeReleaser(IIpamStore store, NodeWatch watch, IReadOnlySet<BlockId> places, TimeProvider time, Random random)
{
    private readonly QuotaUpkeep _quotas = new(store);
    private readonly List<DamagedBlock> _damaged = [];

    /// <summary>How many leases were released, durably.</summary>
    public long Released { get; private set; }

    /// <summary>How many blocks were changed; 0 as long as nothing was.</summary>
    public long BlocksChanged { get; private set; }

    /// <summary>Leases that somebody else released meanwhile. Their addresses may have been handed out anew: they stay held then.</summary>
    public long ReleasedByOthers { get; private set; }

    /// <summary>Leases that are still there, because others changed their block at every try.</summary>
    public long GivenUp { get; private set; }

    /// <summary>The damaged blocks that were met: whether the node has leases in them isn't known.</summary>
    public IReadOnlyList<DamagedBlock> Damaged => _damaged;

    /// <summary>
    /// Releases all leases of the node, then takes its entry out of the registry if none was given up. Of its blocks those are deleted that are then empty. The
    /// others become nobody's, and the services return them later: those in which others hold addresses, and those that remember something, namely a place,
    /// cooldowns, or a sequence that is ahead of this clock.
    /// </summary>
    /// <param name="reason">Why the leases end.</param>
    /// <param name="progress">Is told after each block.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>False if the node is back, so that the work was stopped.</returns>
    /// <exception cref="StoreException">The store failed. What the properties say is done, and perhaps one block more.</exception>
    public async Task<bool> ReleaseAsync(ReleaseReason reason, Action progress, CancellationToken cancellationToken)
    {
        if (await watch.HasReportedAsync(cancellationToken))
            return false;
        await _quotas.BeginAsync(cancellationToken);
        await foreach (var page in store.ListBlocksAsync(new BlockFilter(Node: watch.Node), cancellationToken))
        {
            _damaged.AddRange(page.Damaged);
            foreach (var block in page)
            {
                if (await watch.HasReportedLatelyAsync(cancellationToken) || !await EndAsync(block, reason, cancellationToken))
                    return false;
                progress();
            }
        }
        if (await watch.HasReportedAsync(cancellationToken))
            return false;
        if (GivenUp > 0)
            return true;
        await MendQuotasAsync(cancellationToken);
        return watch.Entry is not { } entry || await store.Nodes.ForgetAsync(entry, cancellationToken);
    }

    /// <summary>
    /// The node's shares of quotas are others' from now on, but for what sticky owners keep: that counts where it is nobody's, or still the node's. Where a block can't be read, that isn't known, and its
    /// shares stay.
    /// </summary>
    private async Task MendQuotasAsync(CancellationToken cancellationToken)
    {
        if (!_quotas.HasNotes || _damaged.Count > 0)
            return;
        var left = new List<Lease>();
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
        {
            if (page.Damaged.Count > 0)
                return;
            left.AddRange(page.SelectMany(static block => block.Leases).Where(lease => lease.Pod is not null && IsAlone(lease.Node)));
        }
        await _quotas.MendAsync(left, node => !IsAlone(node), _ => watch.HasReportedAsync(cancellationToken), cancellationToken);

        bool IsAlone(string node) => node.Length == 0 || node == watch.Node;
    }

    /// <summary>Ends what the node had in a block when it was listed; false if the node has taken another lease in it since.</summary>
    private async Task<bool> EndAsync(Block listed, ReleaseReason reason, CancellationToken cancellationToken)
    {
        var wanted = listed.Leases.Where(IsOfNode).ToList();
        Block? block = listed;
        for (var attempt = 0; ; attempt++)
        {
            var held = block is null ? [] : wanted.Where(block.Holds).ToList();
            if (block?.Leases.Count(IsOfNode) > held.Count)
                return false;
            if (block is null || ChangeOf(block, held, reason) is not { } change)
            {
                Settle(wanted.Count, released: 0);
                return true;
            }
            if (attempt == LeaseReleaser.MaxAttempts)
            {
                GivenUp += held.Count;
                return true;
            }
            await ConflictPause.BeforeAsync(attempt, random, time, cancellationToken);
            if ((await store.CommitAsync([change], cancellationToken))[0].Status == CommitStatus.Committed)
            {
                BlocksChanged++;
                Settle(wanted.Count, held.Count);
                return true;
            }
            var found = await store.ReadBlocksAsync([listed.Id], cancellationToken);
            if (found.Damaged.Count > 0)
            {
                _damaged.AddRange(found.Damaged);
                return true;
            }
            block = found.SingleOrDefault();
        }
    }

    /// <summary>The change that ends these leases, and what the node then has of the block; null if there is nothing to change.</summary>
    private BlockChange? ChangeOf(Block block, List<Lease> held, ReleaseReason reason)
    {
        var now = time.GetUtcNow();
        var change = BlockChange.EndWithNode(block, held.ConvertAll(lease => new EndedLease(lease, reason)), now);
        var after = change.Block.EndCooldowns(now);
        if (after.Node != watch.Node)
            return held.Count == 0 ? null : change with { Block = after };
        return after.IsSpent(now) && !places.Contains(block.Id)
            ? change with { Block = after, Delete = true }
            : change with { Block = after with { Node = null } };
    }

    private void Settle(int wanted, int released)
    {
        Released += released;
        ReleasedByOthers += wanted - released;
    }

    private bool IsOfNode(Lease lease) => lease.Node == watch.Node && lease.Owner.EndsWithNode;
}
