using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Commits;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
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

    /// <summary>A store on a server; nothing is sent until <see cref="OpenAsync"/>.</summary>
    public RedisStore(RedisStoreOptions options)
    {
        _options = options;
        _errors = new RedisErrors(options);
        _connection = new RedisConnection(options, _errors);
        Pools = new RedisPools(_connection, _errors, options.Time);
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
    public INodeLabels? NodeLabels => null;

    /// <inheritdoc/>
    public IPoolStatusStore? PoolStatuses => null;

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _connection.OpenAsync(cancellationToken);
        await PingAsync(cancellationToken);
        Warnings = await new ServerCheck(_connection, _errors).WarningsAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => _connection.CallAsync("answer", "PING", [], cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken)
    {
        var spaces = await SpacesAsync(cancellationToken);
        var counts = await Task.WhenAll(spaces.Select(space =>
            _connection.CallAsync("list the spaces", "ZCARD", [KeysOf(space).Index], cancellationToken)));
        return spaces.Where((_, i) => (long)counts[i] > 0).ToList();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Block> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var strings = new StringPool();
        foreach (var space in filter.Space is { } one ? [one] : await SpacesAsync(cancellationToken))
        {
            await foreach (var page in PagesAsync("list the blocks", space, filter.Node, _options.BlocksPerPage, withLeases: true, cancellationToken))
            {
                foreach (var block in Understand("list the blocks", () => page.Select(answer => BlockAnswer.Read(space, answer, strings)).ToList()))
                    yield return block;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken)
    {
        const string doing = "list the blocks' versions";
        var summaries = new List<BlockSummary>();
        foreach (var space in filter.Space is { } one ? [one] : await SpacesAsync(cancellationToken))
        {
            await foreach (var page in PagesAsync(doing, space, filter.Node, SummariesPerPage, withLeases: false, cancellationToken))
                summaries.AddRange(Understand(doing, () => page.Select(answer => BlockAnswer.ReadSummary(space, answer)).ToList()));
        }
        return summaries;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken)
    {
        const string doing = "read blocks";
        cancellationToken.ThrowIfCancellationRequested();
        var reads = ids.GroupBy(static id => id.Space).SelectMany(space => space.Chunk(BlocksPerRead)).Select(async chunk =>
        {
            var keys = KeysOf(chunk[0].Space);
            var bases = chunk.Select(static id => (RedisValue)AddressKey.Of(id)).ToList();
            return (keys.Space, Answer: await _connection.RunAsync(doing, Script.Read, [keys.Heads, keys.Leases], bases, cancellationToken));
        });
        var strings = new StringPool();
        var answers = await Task.WhenAll(reads);
        return Understand(doing, () => answers
            .SelectMany(answer => Answer.Parts(answer.Answer).Select(block => BlockAnswer.Read(answer.Space, block, strings))).ToList());
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken)
    {
        const string doing = "find an owner's leases";
        var spaces = await SpacesAsync(cancellationToken);
        var answers = await Task.WhenAll(spaces.Select(space => _connection.RunAsync(
            doing, Script.Find, [KeysOf(space).Leases, KeysOf(space).Owners], [SpaceKeys.Owner(owner)], cancellationToken)));
        var strings = new StringPool();
        return Understand(doing, () => spaces.SelectMany((space, i) => LeasesIn(space, answers[i], strings)).OrderBy(static lease => lease.Entry).ToList());
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (changes.Count == 0)
            return [];
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
    public async Task<bool> TryLeadAsync(string role, string holder, TimeSpan term, CancellationToken cancellationToken) => (long)await _connection.RunAsync(
        "lead", Script.Lead, [StoreKeys.Leader(role)], [holder, Math.Max(1, (long)term.TotalMilliseconds)], cancellationToken) == 1;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<CommitResult[]> CommitAsync(SpaceKeys keys, List<BlockChange> changes, CancellationToken cancellationToken)
    {
        var arguments = CommitArguments.Of(keys, changes);
        // First: a space without blocks does no harm, and blocks of a space that isn't listed would not be found.
        if (changes.Exists(static change => change.Block.Version == 0))
            await _connection.CallAsync("commit", "SADD", [StoreKeys.Spaces, keys.Space], cancellationToken);
        var answer = await _connection.RunAsync(
            "commit", Script.Commit, [keys.Revision, keys.Heads, keys.Leases, keys.Owners, keys.Index], arguments, cancellationToken);
        var results = Understand("commit", () => CommitAnswer.Read(keys.Space, changes, answer));
        if (_options.Replicas > 0 && results[0].Status == CommitStatus.Committed)
            await WaitForReplicasAsync(cancellationToken);
        return results;
    }

    private async Task WaitForReplicasAsync(CancellationToken cancellationToken)
    {
        var found = (long)await _connection.CallAsync(
            "wait for the replicas", "WAIT", [_options.Replicas, (long)_options.ReplicaTimeout.TotalMilliseconds], cancellationToken);
        if (found < _options.Replicas)
            throw _errors.TooFewReplicas(found);
    }

    private async IAsyncEnumerable<IEnumerable<RedisResult>> PagesAsync(
        string doing, string space, string? node, int most, bool withLeases, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = KeysOf(space);
        RedisKey[] all = node is null ? [keys.Heads, keys.Leases, keys.Index] : [keys.Heads, keys.Leases, keys.NoNode, keys.Node(node)];
        var last = "";
        do
        {
            var answer = Answer.Parts(await _connection.RunAsync(doing, Script.Page, all, [last, most, withLeases ? 1 : 0], cancellationToken));
            last = Answer.Text(answer[0]);
            yield return answer.Skip(1);
        }
        while (last.Length > 0);
    }

    /// <summary>The names of all spaces that ever had blocks, in ordinal order.</summary>
    private async Task<List<string>> SpacesAsync(CancellationToken cancellationToken)
    {
        var answer = Answer.Parts(await _connection.CallAsync("list the spaces", "SMEMBERS", [StoreKeys.Spaces], cancellationToken));
        return answer.Select(Answer.Text).Order(StringComparer.Ordinal).ToList();
    }

    private SpaceKeys KeysOf(string space) => _keys.GetOrAdd(space, static name => new SpaceKeys(name));

    private static IEnumerable<Lease> LeasesIn(string space, RedisResult answer, StringPool strings)
    {
        var parts = Answer.Parts(answer);
        for (var i = 0; i + 1 < parts.Length; i += 2)
            yield return LeaseText.Read(space, AddressKey.Read(Answer.Text(parts[i])), (byte[]?)parts[i + 1], strings);
    }

    private T Understand<T>(string doing, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw _errors.Describe(e, doing)!;
        }
    }
}
