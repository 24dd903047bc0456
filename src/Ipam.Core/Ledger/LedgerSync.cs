using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Keeps the ledger and the store in step: writes what the ledger proposes, and learns what others wrote. Not thread-safe.
/// </summary>
internal sealed class LedgerSync(
    IIpamStore store, AddressLedger ledger, Sequences sequences, string node, TimeProvider time, TimeSpan timeout)
{
    /// <summary>
    /// Blocks whose last commit ended in a fault, with the version that the commit was made from. While the store still has that version,
    /// the write may still arrive.
    /// </summary>
    private readonly Dictionary<BlockId, long> _uncertain = [];

    private long _round;

    /// <summary>Reads the blocks that matter to the node, and the summaries of all others.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await foreach (var block in store.ListBlocksAsync(new BlockFilter(Node: node), cancellationToken))
            ledger.Replace(block.Id, block);
        foreach (var summary in await store.ListSummariesAsync(BlockFilter.All, cancellationToken))
        {
            if (ledger.Find(summary.Id) is null)
                ledger.Learn(summary);
        }
    }

    /// <summary>
    /// Reads blocks from the store: the named blocks, and the blocks whose last commit has an unknown outcome. If such a block still has its old
    /// version, the next commit gives it another version. After that the old commit, if it is still on its way, conflicts.
    /// </summary>
    public async Task RereadAsync(IEnumerable<BlockId> named)
    {
        var ids = new HashSet<BlockId>(named);
        ids.UnionWith(_uncertain.Keys);
        await ReadAsync(ids);
        foreach (var (id, version) in _uncertain)
        {
            if (ledger.VersionOf(id) == version)
                ledger.Fence(id, sequences.Next(ledger.Find(id)?.LastSequence ?? 0, time.GetUtcNow()));
            else
                _uncertain.Remove(id);
        }
    }

    /// <summary>Writes all changes that the ledger proposes. The ledger forgets the changes that weren't written.</summary>
    public async Task<CommitReport> CommitAsync()
    {
        _round++;
        var changes = new List<BlockChange>();
        var changed = new List<LedgerBlock>();
        foreach (var block in ledger.Dirty.ToArray())
        {
            if (block.ToChange() is { } change)
            {
                changes.Add(change);
                changed.Add(block);
            }
            else
            {
                ledger.Revert(block);
            }
        }
        if (changes.Count == 0)
            return new CommitReport(0, 0, TimeSpan.Zero, [], []);

        var start = time.GetTimestamp();
        var results = await WriteAsync(changes);
        var duration = time.GetElapsedTime(start);
        var report = new CommitReport(changes.Count, results.Count(static result => result.Status == CommitStatus.Conflict), duration, [], []);
        for (var i = 0; i < changed.Count; i++)
            Settle(changed[i], changes[i], results[i], report);
        LearnFromConflicts(changes, results, report.Conflicted);
        return report;
    }

    /// <summary>
    /// Compares blocks' versions with the store. It skips blocks that were written just now, and blocks that are known to be in conflict. If a
    /// block has another version, it learns the block and adds it to <paramref name="conflicted"/>.
    /// </summary>
    public async Task ConfirmAsync(IEnumerable<LedgerBlock> blocks, HashSet<BlockId> conflicted)
    {
        HashSet<BlockId>? unconfirmed = null;
        foreach (var block in blocks)
        {
            if (block.Stored.Version != 0 && block.ConfirmedInRound != _round && !conflicted.Contains(block.Id))
                (unconfirmed ??= []).Add(block.Id);
        }
        if (unconfirmed is null)
            return;
        var current = await FetchAsync(unconfirmed);
        foreach (var id in unconfirmed)
        {
            var block = current.GetValueOrDefault(id);
            if (ledger.VersionOf(id) == (block?.Version ?? 0))
                continue;
            conflicted.Add(id);
            ledger.Replace(id, block);
        }
    }

    /// <summary>
    /// Revalidates the blocks that matter to the node: reads those that have another version in the store than in memory. There must be no
    /// proposed changes.
    /// </summary>
    public async Task RevalidateOwnAsync()
    {
        var stored = await SummariesAsync(new BlockFilter(Node: node));
        Forget(block => block.Stored.MattersTo(node) && !stored.ContainsKey(block.Id));
        await ReadAsync([.. stored.Values.Where(IsNews).Select(static summary => summary.Id)]);
    }

    /// <summary>
    /// Revalidates all blocks. Of other nodes' blocks that <paramref name="wants"/> doesn't ask for, it learns only the summary. There must be no
    /// proposed changes.
    /// </summary>
    public async Task RevalidateAllAsync(Func<BlockSummary, bool> wants)
    {
        var stored = await SummariesAsync(BlockFilter.All);
        Forget(block => !stored.ContainsKey(block.Id));
        var wanted = new List<BlockId>();
        foreach (var summary in stored.Values.Where(IsNews))
        {
            if (summary.Node is null || summary.Node == node || wants(summary) || ledger.Find(summary.Id)?.Stored.MattersTo(node) == true)
                wanted.Add(summary.Id);
            else
                ledger.Learn(summary);
        }
        await ReadAsync(wanted);
    }

    /// <summary>After a fault: forgets all proposed changes. The next <see cref="RereadAsync"/> finds out which of them were written.</summary>
    public void RevertProposals()
    {
        foreach (var block in ledger.Dirty.ToArray())
            ledger.Revert(block);
    }

    /// <summary>After a fault and <see cref="RevertProposals"/>: whether the store may have the lease, or get it.</summary>
    public bool MayBeWritten(Lease lease) => _uncertain.ContainsKey(BlockId.Of(lease.Space, lease.Address)) || ledger.Holds(lease);

    private async Task<IReadOnlyList<CommitResult>> WriteAsync(List<BlockChange> changes)
    {
        try
        {
            return await CallAsync(token => store.CommitAsync(changes, token));
        }
        catch
        {
            foreach (var change in changes)
                _uncertain[change.Block.Id] = change.Block.Version;
            throw;
        }
    }

    private void Settle(LedgerBlock block, BlockChange change, CommitResult result, CommitReport report)
    {
        if (result.Status != CommitStatus.Aborted)
            _uncertain.Remove(block.Id);
        if (result.Status == CommitStatus.Committed)
        {
            ledger.Committed(block, result);
            block.ConfirmedInRound = _round;
            report.Ended.AddRange(change.Ended);
            return;
        }
        report.Conflicted.Add(block.Id);
        ledger.Revert(block);
    }

    private void LearnFromConflicts(List<BlockChange> changes, IReadOnlyList<CommitResult> results, HashSet<BlockId> conflicted)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (results[i].Status != CommitStatus.Conflict)
                continue;
            ledger.Replace(changes[i].Block.Id, null);
            foreach (var current in results[i].Current)
            {
                // This commit wrote the block. That is newer than the block that a conflict of the same commit shows.
                if (ledger.Find(current.Id)?.ConfirmedInRound == _round)
                    continue;
                conflicted.Add(current.Id);
                ledger.Replace(current.Id, current);
            }
        }
    }

    private async Task ReadAsync(IReadOnlyCollection<BlockId> ids)
    {
        if (ids.Count == 0)
            return;
        var current = await FetchAsync(ids);
        foreach (var id in ids)
            ledger.Replace(id, current.GetValueOrDefault(id));
    }

    private bool IsNews(BlockSummary summary) =>
        ledger.Find(summary.Id) is not { IsUnread: false } block || block.Stored.Version != summary.Version;

    private void Forget(Func<LedgerBlock, bool> isGone)
    {
        var gone = ledger.Spaces.SelectMany(static space => space.Value.Blocks).Where(isGone).Select(static block => block.Id).ToArray();
        foreach (var id in gone)
            ledger.Replace(id, null);
    }

    private async Task<Dictionary<BlockId, BlockSummary>> SummariesAsync(BlockFilter filter) =>
        (await CallAsync(token => store.ListSummariesAsync(filter, token))).ToDictionary(static summary => summary.Id);

    private async Task<Dictionary<BlockId, Block>> FetchAsync(IReadOnlyCollection<BlockId> ids) =>
        (await CallAsync(token => store.ReadBlocksAsync(ids, token))).ToDictionary(static block => block.Id);

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call) =>
        StoreCall.WithTimeoutAsync(store.Description, timeout, time, call, CancellationToken.None);
}

/// <summary>What became of a commit.</summary>
/// <param name="Blocks">How many blocks it was to change.</param>
/// <param name="Conflicts">How many of these were changed by somebody else.</param>
/// <param name="Duration">How long the store took.</param>
/// <param name="Conflicted">The blocks that turned out to differ from what the plans assumed.</param>
/// <param name="Ended">The leases that ended.</param>
internal sealed record CommitReport(int Blocks, int Conflicts, TimeSpan Duration, HashSet<BlockId> Conflicted, List<EndedLease> Ended);
