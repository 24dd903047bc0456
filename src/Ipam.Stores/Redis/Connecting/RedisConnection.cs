using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>
/// One connection to the master, shared by all callers and made anew by the client when it breaks. What was under way then fails, and
/// is never sent twice. May be used from several threads at once.
/// </summary>
internal sealed class RedisConnection(RedisStoreOptions options, RedisErrors errors) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1);
    private volatile ConnectionMultiplexer? _client;
    private volatile bool _mayHaveMoved;
    private volatile bool _disposed;

    /// <summary>Connects.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken) =>
        await DescribeAsync("connect", async () => await ClientAsync(cancellationToken), cancellationToken);

    /// <summary>Sends a command.</summary>
    public Task<RedisResult> CallAsync(string doing, string command, IReadOnlyCollection<object> arguments, CancellationToken cancellationToken) =>
        DescribeAsync(doing, () => SendAsync(command, [.. arguments], cancellationToken), cancellationToken);

    /// <summary>Runs a script.</summary>
    public Task<RedisResult> RunAsync(
        string doing, Script script, IReadOnlyList<RedisKey> keys, IReadOnlyList<RedisValue> arguments, CancellationToken cancellationToken) =>
        DescribeAsync(doing, async () =>
        {
            var all = new List<object>(keys.Count + arguments.Count + 2) { script.Sha, keys.Count };
            foreach (var key in keys)
                all.Add(key);
            foreach (var argument in arguments)
                all.Add(argument);
            try
            {
                return await SendAsync("EVALSHA", all, cancellationToken);
            }
            catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // The server doesn't know it (any more), and has done nothing.
                all[0] = script.Text;
                return await SendAsync("EVAL", all, cancellationToken);
            }
        }, cancellationToken);

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync();
        _disposed = true;
        Close(_client);
        _connecting.Release();
    }

    private async Task<RedisResult> SendAsync(string command, List<object> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var database = (await ClientAsync(cancellationToken)).GetDatabase(options.Database);
        return await database.ExecuteAsync(command, arguments, CommandFlags.DemandMaster)
            .WaitAsync(options.CallTimeout, options.Time, cancellationToken);
    }

    private async Task<T> DescribeAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !_disposed && errors.Describe(e, doing) is { } described)
        {
            _mayHaveMoved |= e is not RedisServerException || e.Message.Contains("READONLY", StringComparison.Ordinal);
            throw described;
        }
    }

    /// <summary>The client, connected once. With Sentinels it is connected anew after a fault, as the master may be another one.</summary>
    private async ValueTask<ConnectionMultiplexer> ClientAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _client is { } client && !MustFindMaster ? client : await ConnectAsync(cancellationToken);
    }

    private bool MustFindMaster => _mayHaveMoved && options.SentinelName is not null;

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is { } client && !MustFindMaster)
                return client;
            var (host, port) = options.SentinelName is { } name
                ? await new SentinelLookup(options, errors, name).FindMasterAsync(cancellationToken)
                : options.Hosts[0];
            var connected = await ConnectAsync(ClientOptions.ForServer(options, errors, host, port), cancellationToken);
            (_client, client) = (connected, _client);
            _mayHaveMoved = false;
            Close(client);
            return connected;
        }
        finally
        {
            _connecting.Release();
        }
    }

    // The client can't be interrupted in this, but who asked for it can go.
    private static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions client, CancellationToken cancellationToken)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(client);
        try
        {
            return await connecting.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = connecting.ContinueWith(
                static late => Close(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    // To let commands end would wait for the server to close the connection, which it may not be there to do.
    private static void Close(ConnectionMultiplexer? client)
    {
        client?.Close(allowCommandsToComplete: false);
        client?.Dispose();
    }
}
