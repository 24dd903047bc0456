using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Ledger;

/// <summary>
/// Loads the ledger from the store, and writes what the ledger proposes. What others wrote meanwhile, <see cref="LedgerLooks"/> learn. Not thread-safe.
/// </summary>
internal sealed class LedgerSync(
    IIpamStore store, AddressLedger ledger, LedgerIntake intake, DurableBlocks durable, Sequences sequences, string node, TimeProvider time, TimeSpan timeout)
{
    /// <summary>
    /// Blocks whose last commit ended in a fault, with the version that the commit was made from. While the store still has that version,
    /// the write may still arrive.
    /// </summary>
    private readonly Dictionary<BlockId, UncertainCommit> _uncertain = [];

    /// <summary>Whether the outcome of a commit is not known.</summary>
    public bool IsUncertain => _uncertain.Count > 0;

    /// <summary>
    /// Reads the blocks that matter to the node under its present and its former names. On a shared store what others have is learned beside the serving:
    /// who takes a block of theirs for nobody's meets a conflict, no more. What memory knew before is forgotten.
    /// </summary>
    public async Task LoadAsync(IReadOnlyList<string> formerNames, CancellationToken cancellationToken)
    {
        ledger.Clear();
        intake.FormerNames = formerNames;
        foreach (var name in formerNames.Append(node))
        {
            await foreach (var page in store.ListBlocksAsync(new BlockFilter(Node: name), cancellationToken))
            {
                foreach (var block in page)
                    intake.Learn(block.Id, block);
                intake.SetAside(page.Damaged, static _ => true);
            }
        }
        // What isn't listed for the node may have gone to another one, or be gone.
        await ReadAsync(durable.Without(id => ledger.Find(id) is not null), static _ => true);
        ledger.IsPartial = store.IsSharedByNodes;
        if (ledger.IsPartial)
            return;
        var summaries = await store.ListSummariesAsync(BlockFilter.All, cancellationToken);
        foreach (var summary in summaries)
        {
            if (ledger.Find(summary.Id) is null)
                ledger.Learn(summary);
        }
        intake.SetAside(summaries.Damaged, intake.IsListedForNode);
    }

    /// <summary>
    /// Reads the blocks whose last commit has an unknown outcome. If such a block still has its old version, the next commit gives it another version.
    /// After that the old commit, if it is still on its way, conflicts.
    /// </summary>
    public async Task RereadUncertainAsync()
    {
        await ReadAsync([.. _uncertain.Keys], intake.IsListedForNode);
        foreach (var (id, commit) in _uncertain)
        {
            if (ledger.Find(id) is not { Damage: not null } && (ledger.VersionOf(id) == commit.Version || commit.MayBePlaced))
                ledger.Fence(id, sequences.Next(ledger.Find(id)?.LastSequence ?? 0, time.GetUtcNow()));
            else
                _uncertain.Remove(id);
        }
    }

    /// <summary>
    /// Writes the changes that the ledger proposes of the blocks that are <paramref name="meant"/>. The ledger forgets those of them that weren't written.
    /// </summary>
    public async Task<CommitReport> CommitAsync(Func<LedgerBlock, bool> meant)
    {
        var moment = intake.NextMoment();
        var changes = new List<BlockChange>();
        var changed = new List<LedgerBlock>();
        foreach (var block in ledger.Dirty.Where(meant).ToArray())
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
            return new CommitReport(0, 0, TimeSpan.Zero, [], [], [], [], [], []);

        var start = time.GetTimestamp();
        var results = await WriteAsync(changes);
        var duration = time.GetElapsedTime(start);
        var report = new CommitReport(changes.Count, results.Count(static result => result.Status == CommitStatus.Conflict), duration, [], [], [], [], [], []);
        for (var i = 0; i < changed.Count; i++)
            Settle(changed[i], changes[i], results[i], moment, report);
        durable.Flush();
        LearnFromConflicts(changes, results, moment, report);
        return report;
    }

    /// <summary>The damaged block that an owner holds a lease in, as the store has it; null if there is none.</summary>
    public async Task<DamagedBlock?> FindDamageAsync(Owner owner)
    {
        var found = await CallAsync(token => store.FindLeasesAsync(owner, node, token));
        return found.Damaged is [var damage, ..] ? damage : found.Select(ledger.DamageOf).FirstOrDefault(static damage => damage is not null);
    }

    /// <summary>After a fault: forgets all proposed changes. The next <see cref="RereadUncertainAsync"/> finds out which of them were written.</summary>
    public void RevertProposals()
    {
        foreach (var block in ledger.Dirty.ToArray())
            ledger.Revert(block);
    }

    /// <summary>After a fault and <see cref="RevertProposals"/>: whether the store may have the lease, or get it.</summary>
    public bool MayBeWritten(Lease lease) => _uncertain.ContainsKey(BlockId.Of(lease.Space, lease.Address)) || ledger.FindWritten(lease) is not null;

    private async Task<IReadOnlyList<CommitResult>> WriteAsync(List<BlockChange> changes)
    {
        try
        {
            return await CallAsync(token => store.CommitAsync(changes, token));
        }
        catch
        {
            foreach (var change in changes)
            {
                _uncertain[change.Block.Id] = new UncertainCommit(change.Block.Version, change.Elsewhere != 0 || _uncertain.GetValueOrDefault(change.Block.Id).MayBePlaced);
                durable.MayHaveEnded(change.Block.Id, change.Ended);
            }
            throw;
        }
    }

    private void Settle(LedgerBlock block, BlockChange change, CommitResult result, long moment, CommitReport report)
    {
        if (result.Status == CommitStatus.Committed)
        {
            _uncertain.Remove(block.Id);
            if (result.Current is [var placed])
            {
                intake.Learn(block.Id, placed);
                report.Placed.Add(block.Id);
            }
            else
            {
                ledger.Committed(block, result);
                intake.Wrote(block.Id, change.Delete ? null : block.Stored);
            }
            block.ConfirmedIn = moment;
            report.Ended.AddRange(change.Ended);
            return;
        }
        if (result.Status != CommitStatus.Aborted && !_uncertain.GetValueOrDefault(block.Id).MayBePlaced)
            _uncertain.Remove(block.Id);
        (result.Status == CommitStatus.Aborted ? report.Aborted : report.Conflicted).Add(block.Id);
        if (result.Status == CommitStatus.Conflict && change.Block.Version == 0)
            report.Unknown.Add(block.Id);
        ledger.Revert(block);
    }

    private void LearnFromConflicts(List<BlockChange> changes, IReadOnlyList<CommitResult> results, long moment, CommitReport report)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (results[i].Status != CommitStatus.Conflict)
                continue;
            // What the store doesn't show, it doesn't have.
            var own = changes[i].Block.Id;
            if (!results[i].Current.Any(current => current.Id == own) && results[i].Current.Damaged.All(damage => damage.Id != own))
                intake.Learn(own, null);
            foreach (var current in results[i].Current)
            {
                // This commit wrote the block. That is newer than the block that a conflict of the same commit shows.
                if (ledger.Find(current.Id)?.ConfirmedIn == moment)
                    continue;
                report.Conflicted.Add(current.Id);
                intake.Learn(current.Id, current);
            }
            foreach (var damage in results[i].Current.Damaged)
            {
                if (damage.Id != own)
                    report.Clashes.Add(own);
                if (damage.Id is { } id)
                    report.Conflicted.Add(id);
            }
            intake.SetAside(results[i].Current.Damaged, intake.IsListedForNode);
        }
    }

    private async Task ReadAsync(IReadOnlyCollection<BlockId> ids, Func<BlockId, bool> isListedForNode)
    {
        if (ids.Count == 0)
            return;
        intake.Take(ids, await CallAsync(token => store.ReadBlocksAsync(ids, token)), isListedForNode);
    }

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call) =>
        StoreCall.WithTimeoutAsync(store.Description, timeout, time, call, CancellationToken.None);

    /// <param name="Version">The version that the commit was made from.</param>
    /// <param name="MayBePlaced">Whether the store may place it in a later version as well: it may then arrive until a commit after it was written.</param>
    private readonly record struct UncertainCommit(long Version, bool MayBePlaced);
}

/// <summary>What became of a commit.</summary>
/// <param name="Blocks">How many blocks it was to change.</param>
/// <param name="Conflicts">How many of these were changed by somebody else.</param>
/// <param name="Duration">How long the store took.</param>
/// <param name="Conflicted">The blocks that turned out to differ from what the plans assumed.</param>
/// <param name="Unknown">Those of them that memory took for nobody's.</param>
/// <param name="Aborted">The other blocks that were not written, because of those.</param>
/// <param name="Placed">The blocks in which the store placed leases elsewhere.</param>
/// <param name="Ended">The leases that ended.</param>
/// <param name="Clashes">Those of the changed blocks that an owner can't get a lease in, because of one that it holds in a damaged block.</param>
internal sealed record CommitReport(
    int Blocks, int Conflicts, TimeSpan Duration, HashSet<BlockId> Conflicted, HashSet<BlockId> Unknown, HashSet<BlockId> Aborted, HashSet<BlockId> Placed, List<EndedLease> Ended, HashSet<BlockId> Clashes);
