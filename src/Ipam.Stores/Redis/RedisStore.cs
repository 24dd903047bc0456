using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Commits;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Identity;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using Ipam.Stores.Text;
using StackExchange.Redis;

namespace Ipam.Stores.Redis;

/// <summary>
/// A store on a Redis server that many nodes share. Commits all changes of a space or none of them, each space for itself; what is
/// committed is as durable as the server is set up to make it (see <see cref="Warnings"/>). Reads go to the master.
/// </summary>
public sealed class RedisStore : IIpamStore
{
    private const int BlocksPerRead = 128;
    private const int SummariesPerPage = 2_000;

    private readonly RedisStoreOptions _options;
    private readonly RedisErrors _errors;
    private readonly RedisConnection _connection;
    private readonly ConcurrentDictionary<string, SpaceKeys> _keys = new();
    private readonly RedisPasts _pasts;

    /// <summary>A store on a server; nothing is sent until <see cref="OpenAsync"/>.</summary>
    public RedisStore(RedisStoreOptions options)
    {
        _options = options;
        _errors = new RedisErrors(options);
        _connection = new RedisConnection(options, _errors);
        Pools = new RedisPools(_connection, options.Time, options.Description);
        _pasts = new RedisPasts(_connection, SpacesAsync, KeysOf);
        Leaders = new RedisLeaders(_connection);
        Nodes = new RedisNodes(_connection);
        Sticky = new RedisTexts(_connection, StoreKeys.Sticky, "what a sticky owner has");
        Quotas = new RedisTexts(_connection, StoreKeys.Quotas, "who holds how much of a quota");
        Trends = new RedisTrends(_connection);
        History = new RedisHistory(this, _connection, SpacesAsync, KeysOf);
    }

    /// <inheritdoc/>
    public string Description => _options.Description;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <inheritdoc/>
    public IPoolStore Pools { get; }

    /// <inheritdoc/>
    public bool IsSharedByNodes => true;

    /// <inheritdoc/>
    public bool HasOwnerIndex => true;

    /// <inheritdoc/>
    public IStorePasts Past => _pasts;

    /// <inheritdoc/>
    public ILeaderRecords Leaders { get; }

    /// <inheritdoc/>
    public INodeRegistry Nodes { get; }

    /// <inheritdoc/>
    public ITrendStore Trends { get; }

    /// <inheritdoc/>
    public ILeaseHistory? History { get; }

    /// <inheritdoc/>
    public INamedTexts Sticky { get; }

    /// <inheritdoc/>
    public INamedTexts Quotas { get; }

    /// <inheritdoc/>
    public INodeFacts? NodeFacts => null;

    /// <inheritdoc/>
    public IPoolStatusStore? PoolStatuses => null;

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _connection.OpenAsync(cancellationToken);
        await PingAsync(cancellationToken);
        var check = new ServerCheck(_connection);
        var warnings = await check.WarningsAsync(cancellationToken);
        Warnings = _options.History.Keep is not null && await check.HistoryWarningAsync(StoreKeys.History, cancellationToken) is { } warning ? [.. warnings, warning] : warnings;
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) =>
        _connection.AskAsync("answer", Request.Without(StoreKeys.Revision, "PING"), static _ => true, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken)
    {
        var spaces = await SpacesAsync(cancellationToken);
        var counts = await Task.WhenAll(spaces.Select(space =>
            _connection.AskAsync("list the spaces", Request.Of("ZCARD", KeysOf(space).Index), static answer => answer.Number(), cancellationToken)));
        return spaces.Where((_, i) => counts[i] > 0).ToList();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var strings = new StringPool();
        foreach (var space in filter.Space is { } one ? [one] : await SpacesAsync(cancellationToken))
        {
            var pages = PagesAsync(
                "list the blocks", space, filter.Node, _options.BlocksPerPage, withLeases: true,
                block => BlockAnswer.Read(space, block, strings), cancellationToken);
            await foreach (var page in pages)
            {
                yield return page;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken)
    {
        var summaries = new List<BlockSummary>();
        var damaged = new List<DamagedBlock>();
        foreach (var space in filter.Space is { } one ? [one] : await SpacesAsync(cancellationToken))
        {
            var pages = PagesAsync(
                "list the blocks' versions", space, filter.Node, SummariesPerPage, withLeases: false,
                block => BlockAnswer.ReadSummary(space, block), cancellationToken);
            await foreach (var page in pages)
            {
                summaries.AddRange(page);
                damaged.AddRange(page.Damaged);
            }
        }
        return new Found<BlockSummary>(summaries, damaged);
    }

    /// <inheritdoc/>
    public async Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reads = ids.GroupBy(static id => id.Space).SelectMany(space => space.Chunk(BlocksPerRead)).Select(chunk =>
        {
            var keys = KeysOf(chunk[0].Space);
            var request = Request.Of(Script.Read, keys.Heads, keys.Leases);
            foreach (var id in chunk)
            {
                AddressKey.Write(id.AddressAt(0), request);
                request.End();
            }
            var strings = new StringPool();
            return _connection.AskAsync(
                "read blocks", request, answer => BlockAnswer.ReadAll(Description, keys.Space, answer.Parts(), block => BlockAnswer.Read(keys.Space, block, strings)), cancellationToken);
        });
        var found = await Task.WhenAll(reads);
        return new Found<Block>([.. found.SelectMany(static blocks => blocks.Whole)], [.. found.SelectMany(static blocks => blocks.Damaged)]);
    }

    /// <inheritdoc/>
    public async Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken)
    {
        var spaces = await SpacesAsync(cancellationToken);
        var found = await Task.WhenAll(spaces.Select(space =>
        {
            var request = Request.Of(Script.Find, KeysOf(space).Leases, KeysOf(space).Owners);
            SpaceKeys.Write(owner, request);
            request.End();
            return _connection.AskAsync("find an owner's leases", request, answer => OwnerAnswer.Read(space, owner, answer.Parts()), cancellationToken);
        }));
        HashSet<BlockId> suspects = [.. found.SelectMany(static one => one.Suspects)];
        return new Found<Lease>(
            [.. found.SelectMany(static one => one.Leases).OrderBy(static lease => lease.Entry)],
            suspects.Count == 0 ? [] : (await ReadBlocksAsync(suspects, cancellationToken)).Damaged);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (changes.Count == 0)
            return [];
        var first = changes[0].Block.Id.Space;
        if (changes.All(change => change.Block.Id.Space == first))
            return await CommitAsync(KeysOf(first), changes, cancellationToken);
        var results = new CommitResult[changes.Count];
        var spaces = Enumerable.Range(0, changes.Count).GroupBy(i => changes[i].Block.Id.Space).Select(async space =>
        {
            var places = space.ToList();
            var committed = await CommitAsync(KeysOf(space.Key), places.ConvertAll(i => changes[i]), cancellationToken);
            for (var i = 0; i < committed.Length; i++)
                results[places[i]] = committed[i];
        });
        await Task.WhenAll(spaces);
        return results;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<CommitResult[]> CommitAsync(SpaceKeys keys, IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        List<RedisKey> moreSets = [];
        while (true)
        {
            using var request = CommitRequest.Of(keys, changes, _pasts.Of(keys.Space), new HistoryArguments(_options.History, _options.ForgetsHistory), moreSets);
            // First: a space without blocks does no harm, and blocks of a space that isn't listed would not be found.
            if (moreSets.Count == 0 && changes.Any(static change => change.Block.Version == 0))
                await _connection.AskAsync("commit", Request.Of("SADD", StoreKeys.Spaces, keys.Space), static _ => true, cancellationToken);
            var answer = await _connection.AskAsync(
                "commit", request, answer => CommitAnswer.Read(Description, keys.Space, changes, answer), cancellationToken, static answer => answer.IsWritten);
            if (answer.IsLost)
                throw _errors.Lost(keys.Space);
            if (answer.Results is { } results)
            {
                _pasts.Committed(keys.Space, answer.Revision);
                return results;
            }
            moreSets.AddRange(answer.MissingSets);
        }
    }

    private async IAsyncEnumerable<Found<T>> PagesAsync<T>(
        string doing, string space, string? node, int most, bool withLeases, AnswerReader<T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = KeysOf(space);
        RedisKey[] all = node is null ? [keys.Heads, keys.Leases, keys.Index] : [keys.Heads, keys.Leases, keys.Node(null), keys.Node(node)];
        // While the caller works on a page, the next one is on its way.
        for (var asking = PageAsync(""); asking is not null;)
        {
            var (last, page) = await asking;
            asking = last.Length > 0 ? PageAsync(last) : null;
            yield return page;
        }

        Task<(string Last, Found<T> Page)> PageAsync(string last)
        {
            var request = Request.Of(Script.Page, all);
            request.Add(last);
            request.Add(most);
            request.Add(withLeases ? 1 : 0);
            return _connection.AskAsync(doing, request, answer =>
            {
                var parts = answer.Parts();
                return (parts.Next().Text(), BlockAnswer.ReadAll(Description, space, parts, read));
            }, cancellationToken);
        }
    }

    /// <summary>The names of all spaces that ever had blocks, in ordinal order.</summary>
    private Task<List<string>> SpacesAsync(CancellationToken cancellationToken) => _connection.AskAsync(
        "list the spaces", Request.Of("SMEMBERS", StoreKeys.Spaces),
        static answer => ReadAll(answer.Parts(), static space => space.Text()).Order(StringComparer.Ordinal).ToList(), cancellationToken);

    private SpaceKeys KeysOf(string space) => _keys.GetOrAdd(space, static name => new SpaceKeys(name));

    private static List<T> ReadAll<T>(AnswerParts parts, AnswerReader<T> read)
    {
        var all = new List<T>(parts.Count);
        while (parts.MoveNext())
            all.Add(read(parts.Current));
        return all;
    }
}
