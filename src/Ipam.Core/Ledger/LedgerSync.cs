using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Keeps the ledger and the store in step: writes what the ledger proposes, and learns what others wrote. Not thread-safe.
/// </summary>
internal sealed class LedgerSync(
    IIpamStore store, AddressLedger ledger, DurableBlocks durable, Sequences sequences, string node, TimeProvider time, TimeSpan timeout)
{
    /// <summary>
    /// Blocks whose last commit ended in a fault, with the version that the commit was made from. While the store still has that version,
    /// the write may still arrive.
    /// </summary>
    private readonly Dictionary<BlockId, long> _uncertain = [];

    /// <summary>
    /// Every how many revalidations of the node's own blocks the other damaged blocks are read again. All nodes know them, so that it must not be
    /// often.
    /// </summary>
    private const int OthersDamagedTurns = 30;

    private long _round;
    private int _turn;
    private IReadOnlyList<string> _formerNames = [];

    /// <summary>Whether the outcome of a commit is not known.</summary>
    public bool IsUncertain => _uncertain.Count > 0;

    /// <summary>
    /// Reads the blocks that matter to the node under its present and its former names, and the summaries of all others. What memory knew before is
    /// forgotten.
    /// </summary>
    public async Task LoadAsync(IReadOnlyList<string> formerNames, CancellationToken cancellationToken)
    {
        ledger.Clear();
        _formerNames = formerNames;
        foreach (var name in formerNames.Append(node))
        {
            await foreach (var page in store.ListBlocksAsync(new BlockFilter(Node: name), cancellationToken))
            {
                foreach (var block in page)
                    Learn(block.Id, block);
                SetAside(page.Damaged, static _ => true);
            }
        }
        // What isn't listed for the node may have gone to another one, or be gone.
        await ReadAsync(durable.Without(id => ledger.Find(id) is not null), static _ => true);
        var summaries = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        foreach (var summary in summaries)
        {
            if (ledger.Find(summary.Id) is null)
                ledger.Learn(summary);
        }
        SetAside(summaries.Damaged, IsListedForNode);
    }

    /// <summary>
    /// Reads blocks from the store: the named blocks, and the blocks whose last commit has an unknown outcome. If such a block still has its old
    /// version, the next commit gives it another version. After that the old commit, if it is still on its way, conflicts.
    /// </summary>
    public async Task RereadAsync(IEnumerable<BlockId> named)
    {
        var ids = new HashSet<BlockId>(named);
        ids.UnionWith(_uncertain.Keys);
        await ReadAsync(ids, IsListedForNode);
        foreach (var (id, version) in _uncertain)
        {
            if (ledger.Find(id) is not { Damage: not null } && ledger.VersionOf(id) == version)
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
            return new CommitReport(0, 0, TimeSpan.Zero, [], [], []);

        var start = time.GetTimestamp();
        var results = await WriteAsync(changes);
        var duration = time.GetElapsedTime(start);
        var report = new CommitReport(changes.Count, results.Count(static result => result.Status == CommitStatus.Conflict), duration, [], [], []);
        for (var i = 0; i < changed.Count; i++)
            Settle(changed[i], changes[i], results[i], report);
        durable.Flush();
        LearnFromConflicts(changes, results, report);
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
        var whole = current.ToDictionary(static block => block.Id);
        SetAside(current.Damaged, IsListedForNode);
        foreach (var id in unconfirmed)
        {
            var block = whole.GetValueOrDefault(id);
            var isDamaged = ledger.Find(id) is { Damage: not null };
            if (!isDamaged && ledger.VersionOf(id) == (block?.Version ?? 0))
                continue;
            conflicted.Add(id);
            if (!isDamaged)
                Learn(id, block);
        }
    }

    /// <summary>
    /// Revalidates the blocks that matter to the node: reads those that have another version in the store than in memory. There must be no
    /// proposed changes.
    /// </summary>
    public async Task RevalidateOwnAsync()
    {
        var listed = await SummariesAsync(new BlockFilter(Node: node));
        var stored = listed.ToDictionary(static summary => summary.Id);
        var damaged = SetAside(listed.Damaged, static _ => true);
        // What isn't listed for the node any more may have gone to another one, or be gone.
        var missing = BlocksWhere(block => block.Damage is null && block.Stored.MattersTo(node) && !stored.ContainsKey(block.Id));
        var readsOthers = ++_turn % OthersDamagedTurns == 0;
        var suspects = ledger.Damaged.Ids.Where(id => !damaged.Contains(id) && (readsOthers || stored.ContainsKey(id) || IsListedForNode(id)));
        await ReadAsync([.. stored.Values.Where(IsNews).Select(static summary => summary.Id).Union(suspects).Union(missing)], stored.ContainsKey);
    }

    /// <summary>
    /// Revalidates all blocks. Of other nodes' blocks that <paramref name="wants"/> doesn't ask for, it learns only the summary. There must be no
    /// proposed changes.
    /// </summary>
    public async Task RevalidateAllAsync(Func<BlockSummary, bool> wants)
    {
        var listed = await SummariesAsync(BlockFilter.All);
        var stored = listed.ToDictionary(static summary => summary.Id);
        var damaged = SetAside(listed.Damaged, IsListedForNode);
        ledger.Damaged.KeepNameless(listed.Damaged);
        Forget(block => block.Damage is null && !stored.ContainsKey(block.Id));
        var wanted = ledger.Damaged.Ids.Where(id => !damaged.Contains(id) && !stored.ContainsKey(id)).ToList();
        foreach (var summary in stored.Values.Where(IsNews))
        {
            var block = ledger.Find(summary.Id);
            if (summary.Node is not { } owner || owner == node || _formerNames.Contains(owner) || wants(summary) || block?.Stored.MattersTo(node) == true)
                wanted.Add(summary.Id);
            else if (block?.Damage is null)
                ledger.Learn(summary);
        }
        await ReadAsync(wanted, IsListedForNode);
    }

    /// <summary>The damaged block that an owner holds a lease in, as the store has it; null if there is none.</summary>
    public async Task<DamagedBlock?> FindDamageAsync(Owner owner)
    {
        var found = await CallAsync(token => store.FindLeasesAsync(owner, node, token));
        return found.Damaged is [var damage, ..] ? damage : found.Select(ledger.DamageOf).FirstOrDefault(static damage => damage is not null);
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
            durable.Learn(block.Id, change.Delete ? null : block.Stored);
            block.ConfirmedInRound = _round;
            report.Ended.AddRange(change.Ended);
            return;
        }
        report.Conflicted.Add(block.Id);
        ledger.Revert(block);
    }

    private void LearnFromConflicts(List<BlockChange> changes, IReadOnlyList<CommitResult> results, CommitReport report)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (results[i].Status != CommitStatus.Conflict)
                continue;
            // What the store doesn't show, it doesn't have.
            var own = changes[i].Block.Id;
            if (!results[i].Current.Any(current => current.Id == own) && results[i].Current.Damaged.All(damage => damage.Id != own))
                Learn(own, null);
            foreach (var current in results[i].Current)
            {
                // This commit wrote the block. That is newer than the block that a conflict of the same commit shows.
                if (ledger.Find(current.Id)?.ConfirmedInRound == _round)
                    continue;
                report.Conflicted.Add(current.Id);
                Learn(current.Id, current);
            }
            foreach (var damage in results[i].Current.Damaged)
            {
                if (damage.Id != own)
                    report.Clashes.Add(own);
                if (damage.Id is { } id)
                    report.Conflicted.Add(id);
            }
            SetAside(results[i].Current.Damaged, IsListedForNode);
        }
    }

    private async Task ReadAsync(IReadOnlyCollection<BlockId> ids, Func<BlockId, bool> isListedForNode)
    {
        if (ids.Count == 0)
            return;
        var current = await FetchAsync(ids);
        var whole = current.ToDictionary(static block => block.Id);
        var damaged = SetAside(current.Damaged, isListedForNode);
        foreach (var id in ids)
        {
            if (!damaged.Contains(id))
                Learn(id, whole.GetValueOrDefault(id));
        }
    }

    /// <summary>Sets these blocks aside, and returns which they are.</summary>
    private HashSet<BlockId> SetAside(IReadOnlyList<DamagedBlock> damaged, Func<BlockId, bool> isListedForNode)
    {
        HashSet<BlockId> ids = [];
        foreach (var block in damaged)
        {
            ledger.SetAside(block, block.Id is { } id && isListedForNode(id));
            if (block.Id is { } known)
                ids.Add(known);
        }
        return ids;
    }

    private bool IsListedForNode(BlockId id) => ledger.Find(id) is { } block && (block.Damage is null ? block.Stored.MattersTo(node) : block.IsListedForNode);

    private bool IsNews(BlockSummary summary) =>
        ledger.Find(summary.Id) is not { IsUnread: false, Damage: null } block || block.Stored.Version != summary.Version;

    private void Forget(Func<LedgerBlock, bool> isGone)
    {
        foreach (var id in BlocksWhere(isGone))
            Learn(id, null);
    }

    private BlockId[] BlocksWhere(Func<LedgerBlock, bool> isMeant) =>
        [.. ledger.Spaces.SelectMany(static space => space.Value.Blocks).Where(isMeant).Select(static block => block.Id)];

    /// <summary>Memory takes what the store has; null if it doesn't have the block.</summary>
    private void Learn(BlockId id, Block? current)
    {
        durable.Learn(id, current);
        ledger.Replace(id, current);
    }

    private Task<Found<BlockSummary>> SummariesAsync(BlockFilter filter) => CallAsync(token => store.ListSummariesAsync(filter, token));

    private Task<Found<Block>> FetchAsync(IReadOnlyCollection<BlockId> ids) => CallAsync(token => store.ReadBlocksAsync(ids, token));

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call) =>
        StoreCall.WithTimeoutAsync(store.Description, timeout, time, call, CancellationToken.None);
}

/// <summary>What became of a commit.</summary>
/// <param name="Blocks">How many blocks it was to change.</param>
/// <param name="Conflicts">How many of these were changed by somebody else.</param>
/// <param name="Duration">How long the store took.</param>
/// <param name="Conflicted">The blocks that turned out to differ from what the plans assumed.</param>
/// <param name="Ended">The leases that ended.</param>
/// <param name="Clashes">Those of the changed blocks that an owner can't get a lease in, because of one that it holds in a damaged block.</param>
internal sealed record CommitReport(
    int Blocks, int Conflicts, TimeSpan Duration, HashSet<BlockId> Conflicted, List<EndedLease> Ended, HashSet<BlockId> Clashes);
