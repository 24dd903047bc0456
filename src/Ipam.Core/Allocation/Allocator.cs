using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Allocation;

/// <summary>
/// Hands out addresses and takes them back. It answers only when the store has made the answer durable. All members may be called from several
/// threads at once. Requests that arrive during a commit share the next commit. Every member throws <see cref="StoreException"/> when the store
/// fails. The request may then have been carried out or not, and it may be repeated.
/// </summary>
public sealed class Allocator : IAsyncDisposable
{
    private readonly IIpamStore _store;
    private readonly AllocatorOptions _options;
    private readonly TimeProvider _time;
    private readonly CommitLoop _loop;

    /// <summary>An allocator over an open store.</summary>
    /// <param name="store">The store; not disposed by the allocator.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">The clock for leases.</param>
    /// <param name="random">Source of the order <c>random</c>, and of jitter.</param>
    /// <param name="observer">Is told of commits.</param>
    /// <param name="mirror">Keeps a copy of this node's leases.</param>
    public Allocator(
        IIpamStore store, AllocatorOptions options, TimeProvider time, Random random, IAllocatorObserver? observer = null, ILeaseMirror? mirror = null)
    {
        _store = store;
        _options = options;
        _time = time;
        _loop = new CommitLoop(store, options, time, random, observer, mirror);
    }

    /// <summary>
    /// Why every request is refused; null if none is. That is so once the store turned out to have lost data, until <see cref="ReloadAsync"/>.
    /// </summary>
    public StoreException? Obstacle => _loop.Obstacle;

    /// <summary>How much waits at the moment.</summary>
    public QueueLengths Queues => _loop.Queues;

    /// <summary>Loads all blocks. Requests made before wait until it is done. A store that lost data is an <see cref="Obstacle"/>, not an exception.</summary>
    /// <param name="memory">What the node remembers of its earlier runs.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    public Task StartAsync(NodeMemory memory, CancellationToken cancellationToken) => _loop.StartAsync(memory, cancellationToken);

    /// <summary>Loads all blocks, for a node that never ran before.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => StartAsync(NodeMemory.Nothing, cancellationToken);

    /// <summary>Refuses every request from now on with this fault; those under way may still be answered.</summary>
    public void Hold(StoreException obstacle) => _loop.Hold(obstacle);

    /// <summary>Writes the leases of this node that were durable once into a store that lost them. Repeating it is fine.</summary>
    /// <param name="past">The past that the store has now, which is expected from now on.</param>
    /// <param name="endsOlder">
    /// Whether older leases in the place of the node's are ended. Only if nobody has handed out anything since the loss: then they were over before it, and an older
    /// copy brought them back.
    /// </param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<ReassertionReport> AssertAsync(StorePast past, bool endsOlder, CancellationToken cancellationToken)
    {
        ReassertionReport? report = null;
        await RepairAsync(async loop => report = await loop.AssertAsync(past, endsOlder, cancellationToken), cancellationToken);
        return report!;
    }

    /// <summary>Takes what the store has now for the truth, and serves requests again.</summary>
    /// <exception cref="StoreException">The store failed, or no longer has this past. Everything stays as it was.</exception>
    public Task ReloadAsync(StorePast past, CancellationToken cancellationToken) =>
        RepairAsync(loop => loop.ReloadAsync(past, cancellationToken), cancellationToken);

    /// <summary>
    /// Gives the owner one address per entry, all or nothing. An owner that already holds addresses gets the same ones again. If the caller
    /// cancels after an address was taken, the address stays held until it is released.
    /// </summary>
    public Task<AllocationOutcome> AllocateAsync(AllocationRequest request, CancellationToken cancellationToken) =>
        EnqueueAsync(new AllocateOperation(request, cancellationToken), cancellationToken);

    /// <summary>Releases all that an owner holds. Repeating it is fine.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="cause">Why.</param>
    /// <param name="spares">
    /// Says which leases stay, such as those of a younger ADD of the same owner. Asked when the release is planned, from the allocator's loop: must be
    /// quick and not throw. Null: all leases end.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait, not the release.</param>
    /// <returns>The leases that were released; empty if there were none.</returns>
    /// <exception cref="StoreException">
    /// The store failed; or the owner holds a lease in a damaged block, which the exception then names. All others are released.
    /// </exception>
    public async Task<IReadOnlyList<Lease>> ReleaseAsync(
        Owner owner, ReleaseCause cause, Func<Lease, bool>? spares, CancellationToken cancellationToken)
    {
        // Memory may not know all leases of the owner: another service may have handed out some.
        var found = _store.HasOwnerIndex ? await LookUpAsync(owner, cancellationToken) : null;
        var (released, areAll) = await EnqueueAsync(new ReleaseOwnerOperation(owner, ReasonOf(cause), spares), cancellationToken);
        // Memory knows all leases of its own node. Searching the store's blocks at every release would cost more than the release.
        if (found is null && !areAll)
            found = await LookUpAsync(owner, cancellationToken);
        foreach (var lease in found?.Whole ?? [])
        {
            if (!released.Exists(lease.IsSameAs) && await ReleaseAsync(lease, cause, spares, cancellationToken))
                released.Add(lease);
        }
        EnsureWhole(owner, found);
        return released;
    }

    /// <summary>Releases one lease, unless the address is free or held by another lease by now.</summary>
    /// <returns>Whether it was released.</returns>
    public Task<bool> ReleaseAsync(Lease lease, ReleaseCause cause, CancellationToken cancellationToken) =>
        ReleaseAsync(lease, cause, null, cancellationToken);

    /// <summary>Releases one lease, unless the address is free or held by another lease by now, or <paramref name="spares"/> says that it stays.</summary>
    /// <returns>Whether it was released.</returns>
    public Task<bool> ReleaseAsync(Lease lease, ReleaseCause cause, Func<Lease, bool>? spares, CancellationToken cancellationToken) =>
        ReleaseAsync(lease, cause, "", spares, cancellationToken);

    /// <summary>The same for a release that somebody had to find a reason for: <paramref name="evidence"/> is kept with it.</summary>
    /// <returns>Whether it was released.</returns>
    public async Task<bool> ReleaseAsync(Lease lease, ReleaseCause cause, string evidence, Func<Lease, bool>? spares, CancellationToken cancellationToken)
    {
        var reason = ReasonOf(cause, evidence);
        if (await EnqueueAsync(new ReleaseLeaseOperation(lease, reason, spares), cancellationToken))
            return true;
        if (spares?.Invoke(lease) == true)
            return false;
        await RereadAsync([lease], cancellationToken);
        return await EnqueueAsync(new ReleaseLeaseOperation(lease, reason, spares), cancellationToken);
    }

    /// <summary>
    /// What the owner holds according to memory and to the store. Requests that were made before are done with: either they count, or they failed.
    /// </summary>
    public async Task<IReadOnlyList<Lease>> HeldByAsync(Owner owner, CancellationToken cancellationToken)
    {
        var (known, isPartBlind) = await EnqueueAsync(
            new QueryOperation<(Lease[] Leases, bool IsPartBlind)>(ledger => (ledger.LeasesOf(owner).ToArray(), ledger.HasBlindSpot), cancellationToken),
            cancellationToken);
        if (known.Length > 0 && !_store.HasOwnerIndex && !isPartBlind)
            return known;
        var stored = await FindAsync(owner, cancellationToken);
        return [.. known, .. stored.Where(lease => !Array.Exists(known, lease.IsSameAs))];
    }

    /// <summary>What the owner holds according to the store, ordered by entry. Fails if the owner holds something in a damaged block.</summary>
    public async Task<IReadOnlyList<Lease>> FindAsync(Owner owner, CancellationToken cancellationToken)
    {
        var found = await LookUpAsync(owner, cancellationToken);
        EnsureWhole(owner, found);
        return found.Whole;
    }

    private static void EnsureWhole(Owner owner, Found<Lease>? found)
    {
        if (found?.Damaged is [var block, ..])
            throw StoreException.About($"say all that {owner} holds", block);
    }

    private Task<Found<Lease>> LookUpAsync(Owner owner, CancellationToken cancellationToken) =>
        StoreCall.WithTimeoutAsync(_store.Description, _options.StoreTimeout, _time, token => _store.FindLeasesAsync(owner, _options.Node, token), cancellationToken);

    /// <summary>
    /// The leases that memory knows and <paramref name="isWanted"/> names; those of damaged blocks are not among them. Asks the store nothing. The function is
    /// called from the allocator's loop: must be quick and not throw.
    /// </summary>
    public Task<IReadOnlyList<Lease>> ListAsync(Func<Lease, bool> isWanted, CancellationToken cancellationToken) => ListAsync(isWanted, static block => block.Damage is null, cancellationToken);

    /// <summary>The same with those of damaged blocks, as far as these were read while they were whole.</summary>
    public Task<IReadOnlyList<Lease>> ListAllAsync(Func<Lease, bool> isWanted, CancellationToken cancellationToken) => ListAsync(isWanted, static _ => true, cancellationToken);

    /// <summary>
    /// How many addresses are held in each range that was asked for since the start, what is being committed included. Nobody waits for it, and it waits for
    /// nobody.
    /// </summary>
    public IReadOnlyList<RangeUsage> Usage => _loop.Usage;

    /// <summary>
    /// The refusal that a request for these entries would get now, of an owner that holds nothing and requests no certain address; null if there is an
    /// address for each. Nothing is taken, so entries that share their last free address each see it. If memory says no, the store is asked.
    /// </summary>
    public Task<AllocationOutcome.Exhausted?> ProbeAsync(string space, IReadOnlyList<AllocationEntry> entries, CancellationToken cancellationToken) =>
        EnqueueAsync(new ProbeOperation(space, entries, cancellationToken), cancellationToken);

    /// <summary>
    /// Revalidates this node's blocks, and returns blocks that have been empty for
    /// <see cref="AllocatorOptions.KeepEmptyBlocks"/>.
    /// </summary>
    public Task MaintainAsync(CancellationToken cancellationToken) =>
        EnqueueAsync(new MaintainOperation(_options.KeepEmptyBlocks, revalidates: true), cancellationToken);

    /// <summary>
    /// The same without revalidating: gives back what was taken for requests that failed, and returns empty blocks. Asks nothing of the store where nothing is to do.
    /// </summary>
    public Task TidyAsync(CancellationToken cancellationToken) =>
        EnqueueAsync(new MaintainOperation(_options.KeepEmptyBlocks, revalidates: false), cancellationToken);

    /// <summary>Whether blocks that matter to this node can't be read, so that it is worth looking whether they were mended.</summary>
    public bool HasDamage => _loop.HasDamage;

    /// <summary>Completes all requests that were made, then stops.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>The leases of addresses, as the store has them now.</summary>
    /// <exception cref="StoreException">The store failed, or one of the addresses is in a damaged block.</exception>
    public async Task<IReadOnlyList<Lease>> ReadAsync(string space, IReadOnlyCollection<Address> addresses, CancellationToken cancellationToken)
    {
        var blocks = addresses.Select(address => BlockId.Of(space, address)).ToHashSet();
        await EnqueueAsync(new RereadOperation(blocks), cancellationToken);
        var (leases, damage) = await EnqueueAsync(
            new QueryOperation<(Lease[] Leases, DamagedBlock? Damage)>(
                ledger =>
                {
                    var known = blocks.Select(ledger.Find).OfType<LedgerBlock>().ToArray();
                    return ([.. known.SelectMany(static block => block.Leases).Where(lease => addresses.Contains(lease.Address))], known.Select(static block => block.Damage).FirstOrDefault(static damage => damage is not null));
                },
                cancellationToken),
            cancellationToken);
        return damage is null ? leases : throw StoreException.About($"say who holds {string.Join(", ", addresses)}", damage);
    }

    private Task<IReadOnlyList<Lease>> ListAsync(Func<Lease, bool> isWanted, Func<LedgerBlock, bool> isMeant, CancellationToken cancellationToken) =>
        EnqueueAsync(
            new QueryOperation<IReadOnlyList<Lease>>(
                ledger => [.. ledger.Spaces.SelectMany(static space => space.Blocks).Where(isMeant).SelectMany(static block => block.Leases).Where(isWanted)],
                cancellationToken),
            cancellationToken);

    private ReleaseReason ReasonOf(ReleaseCause cause, string evidence = "") => new(cause, _options.Node, evidence);

    private Task<bool> RereadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken)
    {
        var blocks = leases.Select(static lease => BlockId.Of(lease.Space, lease.Address)).ToHashSet();
        return EnqueueAsync(new RereadOperation(blocks), cancellationToken);
    }

    private Task<bool> RepairAsync(Func<CommitLoop, Task> repair, CancellationToken cancellationToken) =>
        EnqueueAsync(new RepairOperation(repair), cancellationToken);

    private Task<T> EnqueueAsync<T>(AwaitedOperation<T> operation, CancellationToken cancellationToken)
    {
        _loop.Enqueue(operation);
        return operation.Answer.WaitAsync(cancellationToken);
    }
}
