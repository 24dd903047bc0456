using Ipam.Core.Allocation;
using Ipam.Core.Quotas;
using Ipam.Core.Recovery;
using Ipam.Core.Stores;
using Ipam.Service.Health;
using Ipam.Service.Mirror;
using Ipam.Service.Notices;
using Ipam.Service.Pools;
using Ipam.Service.Reconciliation;
using Ipam.Service.Releases;
using Ipam.Service.Spool;
using Ipam.Service.Sticky;

namespace Ipam.Service.Hosting;

/// <summary>
/// What an ipamd that serves a node does besides serving. It opens the store, however long that takes. Then, at the start and every few seconds, it carries out
/// spooled releases, releases leaks, returns empty blocks, counts the pools and, if it leads, works for the whole cluster; now and then it revalidates memory.
/// </summary>
internal sealed class Housekeeping(
    IIpamStore store,
    StoreOpening opening,
    Allocator allocator,
    Func<string, StoreGuard> guardOf,
    MirrorFile mirror,
    SpooledReleases spooled,
    NodeJudge judge,
    LeaseExpiry expiry,
    IpamClaimStatuses claims,
    QuotaBook quotas,
    PoolCatalogSource catalogs,
    LeaderWork? leader,
    PoolStatusReporter pools,
    NodeIdentity node,
    Postings postings,
    ReleasePostings releases,
    StoreHealth health,
    BackgroundWork background,
    TimeProvider time,
    ILogger log)
{
    private static readonly TimeSpan SpoolInterval = TimeSpan.FromSeconds(1);

    /// <summary>Every how many turns of <see cref="SpoolInterval"/> memory is maintained.</summary>
    private const int MaintenanceTurns = 10;

    /// <summary>So many bytes are worth a collection after the start: those of some ten thousand leases.</summary>
    private const long MuchMemory = 32 << 20;

    /// <summary>How long the node's farewell to the store may take.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly SlowSweep _sweep = new(time);
    private StoreGuard? _guard;
    private Task _tidying = Task.CompletedTask;
    private bool _isToSweepQuotas = true;

    /// <summary>Opens the store, and begins to work on it. Throws <see cref="StoreException"/> if trying again can't help.</summary>
    public async Task OpenAsync(CancellationToken stopping)
    {
        var loading = Task.Run(mirror.Load, CancellationToken.None);
        NodeMemory? memory = null;
        await opening.OpenAsync(
            async token =>
            {
                await loading;
                if (_guard is null)
                    await StartGuardAsync(token);
                // What the first attempt to load learns is not what the node remembers.
                memory ??= mirror.Memory;
                var isNodeKnown = await LearnNodeAsync(token);
                await allocator.StartAsync(memory, token);
                mirror.Settle();
                memory = null;
                LetGoOfWhatWasRead();
                CleanUpSpool();
                if (!isNodeKnown)
                    Log.NodeNotFound(log, node.Name);
            },
            stopping);
    }

    /// <summary>
    /// Reading many leases leaves much more behind than memory holds, and nothing that ipamd does later would make the collector return it soon. Nobody is served yet whom that
    /// could hold up.
    /// </summary>
    private static void LetGoOfWhatWasRead()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > MuchMemory)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Runs until the service stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SpoolInterval, time);
        for (var turn = 0; ; turn++)
        {
            await TurnAsync(turn, stopping);
            await timer.WaitForNextTickAsync(stopping);
        }
    }

    /// <summary>Takes the node out of the store's registry; another machine may then have its name at once.</summary>
    public async Task CloseAsync()
    {
        using var late = new CancellationTokenSource(Farewell);
        try
        {
            if (leader is not null)
                await leader.CloseAsync().WaitAsync(late.Token);
            await releases.CloseAsync().WaitAsync(late.Token);
            if (_guard is not null)
                await _guard.StopAsync(late.Token).WaitAsync(late.Token);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // It was polite, no more: an entry that nobody renews counts as gone soon.
            Log.MaintenanceFailed(log, e.Message);
        }
    }

    private async Task StartGuardAsync(CancellationToken stopping)
    {
        if (mirror.Memory.FormerNames is { Count: > 0 } names)
            Log.NodeRenamed(log, string.Join(", ", names));
        var guard = guardOf(mirror.Instance);
        await guard.StartAsync(mirror.Past, mirror.Memory, mirror.TakeOver, stopping);
        _guard = guard;
    }

    /// <summary>Learns what the cluster says of the node; false if the cluster that the store belongs to has no such node.</summary>
    private async Task<bool> LearnNodeAsync(CancellationToken stopping)
    {
        if (store.NodeFacts is not { } facts)
            return true;
        var found = await facts.ReadNodeAsync(node.Name, stopping);
        node.Learn(found ?? new NodeFacts(new Dictionary<string, string>(), []));
        return found is not null;
    }

    private async Task TurnAsync(int turn, CancellationToken stopping)
    {
        await TryAsync(GuardAsync, stopping);
        mirror.Tidy();
        if (allocator.Obstacle is { } obstacle)
        {
            // With the leases the store may have lost who holds how much.
            _isToSweepQuotas |= obstacle.IsLoss;
            health.Failed(obstacle.Message, isCommit: false);
            if (obstacle.IsLoss)
                await TryAsync(token => postings.PostAsync(new Notice(NoticeSubject.Node, node.Name, "StoreLostData", obstacle.Message), token), stopping);
            return;
        }
        await TryAsync(spooled.DrainAsync, stopping);
        if (turn % MaintenanceTurns == 0)
        {
            var isSweep = _sweep.IsDue;
            _isToSweepQuotas |= isSweep;
            await TryAsync(MaintainAsync, stopping);
            TidyHistory(stopping);
            // Who hands out nothing from pools needs no labels, and what its pods' subnets are doesn't change.
            if (node.TakeAsked() || isSweep)
                await TryAsync(LearnNodeAsync, stopping);
        }
        // After the DELs that were written down, which release what is no leak, and over memory that was just revalidated.
        await TryAsync(judge.TurnAsync, stopping);
        await TryAsync(expiry.TurnAsync, stopping);
        await TryAsync(claims.TurnAsync, stopping);
        await TryAsync(TendQuotasAsync, stopping);
        leader?.Turn(stopping);
        await TryAsync(pools.TurnAsync, stopping);
        releases.Turn(stopping);
    }

    /// <summary>On an idle node nothing else shows that the store is away.</summary>
    private async Task GuardAsync(CancellationToken stopping)
    {
        try
        {
            await _guard!.TurnAsync(stopping);
            if (store.IsSharedByNodes)
                health.Sounds();
        }
        catch (StoreException e)
        {
            health.Failed(e.Message, isCommit: false);
            throw;
        }
    }

    /// <summary>
    /// What an idle node asks of a shared store must be next to nothing: memory is revalidated on need, and now and then. The file of one machine costs nothing.
    /// </summary>
    private async Task MaintainAsync(CancellationToken stopping)
    {
        if (store.IsSharedByNodes && !health.HasFailed && !allocator.HasDamage && !_sweep.IsDue)
        {
            await allocator.TidyAsync(stopping);
            return;
        }
        _sweep.Done();
        var failures = health.Failures;
        await allocator.MaintainAsync(stopping);
        health.TriedAgain(failures);
    }

    private async Task TendQuotasAsync(CancellationToken stopping)
    {
        if (_isToSweepQuotas)
            await SweepQuotasAsync(stopping);
        await quotas.SettleAsync(stopping);
    }

    private async Task SweepQuotasAsync(CancellationToken stopping)
    {
        try
        {
            await quotas.SweepAsync(await catalogs.GetAsync(stopping), stopping);
            _isToSweepQuotas = false;
        }
        catch (StoreException e) when (e.IsPermanent)
        {
            // All but what can't be read is swept. That is said now, and looked at again with the next sweep.
            _isToSweepQuotas = false;
            throw;
        }
    }

    /// <summary>Moves many events, at times: nothing waits for it.</summary>
    private void TidyHistory(CancellationToken stopping)
    {
        if (store.History is { } history && _tidying.IsCompleted)
            _tidying = TryAsync(history.TidyAsync, stopping);
    }

    private void CleanUpSpool()
    {
        try
        {
            spooled.CleanUp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.MaintenanceFailed(log, FaultText.Of(e));
        }
    }

    private Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stopping) => background.TryAsync(work, stopping);
}
