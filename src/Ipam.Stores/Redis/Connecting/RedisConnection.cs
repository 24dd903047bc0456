using System.Collections.Concurrent;
using System.Net;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>
/// The connections to the master, or to a cluster's masters, shared by all callers and made anew by the client when they break. What was
/// under way then fails, and is never sent twice. After a caller gave up, nothing is sent on its behalf. May be used from several threads
/// at once.
/// </summary>
internal sealed class RedisConnection(RedisStoreOptions options, RedisErrors errors) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    // For less than this nothing is tried again: it would end as a time-out, which tells less.
    private readonly TimeSpan _leastTime = options.CallTimeout / 4;

    // Slots, by a key, where an answer was waited for in vain.
    private readonly ConcurrentDictionary<RedisKey, bool> _silent = new();
    private readonly SemaphoreSlim _connecting = new(1);

    private readonly Interruptions _interruptions = new();
    private volatile ConnectionMultiplexer? _client;
    private volatile bool _isCluster;
    private volatile bool _mayHaveMoved;
    private volatile bool _disposed;

    /// <summary>How often the connection to a server was lost, or made again: other data may be behind it.</summary>
    public long Interruptions => _interruptions.Count;

    /// <summary>Connects.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken) =>
        await DescribeAsync("connect", async () => await ClientAsync(cancellationToken), cancellationToken);

    /// <summary>Sends a request, which is disposed then, and reads its answer.</summary>
    /// <param name="doing">What is tried, to complete "failed to ...".</param>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="isWrite">Whether what was read says that there is something for replicas to have; null if there never is.</param>
    public async Task<T> AskAsync<T>(
        string doing, Request request, AnswerReader<T> read, CancellationToken cancellationToken, Func<T, bool>? isWrite = null)
    {
        using (request)
        {
            try
            {
                var (reply, copies) = await SendAsync(request, isWrite is not null && options.Replicas > 0, cancellationToken);
                T value;
                using (reply)
                    value = read(reply.Read());
                if (copies is not null && isWrite!(value))
                    await CheckCopiesAsync(copies, cancellationToken);
                return value;
            }
            catch (Exception e) when (Describe(e, doing, request.Script) is { } described)
            {
                throw described;
            }
        }
    }

    /// <summary>Asks each master for a setting; those that have none of that name are left out.</summary>
    /// <exception cref="StoreException">One doesn't answer, or refuses.</exception>
    public Task<IReadOnlyList<string>> ReadSettingAsync(string name, CancellationToken cancellationToken) => DescribeAsync("read the server's settings", async () =>
    {
        var client = await ClientAsync(cancellationToken);
        var answers = await Task.WhenAll(MastersOf(client).Select(master => master.ConfigGetAsync(name)))
            .WaitAsync(options.CallTimeout, options.Time, cancellationToken);
        return (IReadOnlyList<string>)answers.SelectMany(static settings => settings.Select(static setting => setting.Value)).Distinct().ToList();
    }, cancellationToken);

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync();
        _disposed = true;
        Close(_client);
        _connecting.Release();
    }

    // A cluster sends a command away while it moves its keys. It is then sent to where they are now, after a pause that grows; into a
    // move the client follows only when a first answer has come, as it would follow late ones, too.
    private async Task<(Reply Reply, Task<RedisResult>? Copies)> SendAsync(Request request, bool countsCopies, CancellationToken cancellationToken)
    {
        var client = await ClientAsync(cancellationToken);
        try
        {
            return await SendAsync(client, request, countsCopies, cancellationToken);
        }
        catch (Exception e) when (NoteThatItMayHaveMoved(client, e))
        {
            throw;
        }
    }

    private async Task<(Reply Reply, Task<RedisResult>? Copies)> SendAsync(
        ConnectionMultiplexer client, Request request, bool countsCopies, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        TimeSpan TimeLeft() => options.CallTimeout - options.Time.GetElapsedTime(started);
        var follows = false;
        for (var pause = FirstPause; ; pause = Shorter(2 * pause, LongestPause))
        {
            try
            {
                return await TryAsync(client, request, countsCopies, follows, TimeLeft, cancellationToken);
            }
            catch (RedisServerException e) when (e.Kind == RedisErrorKind.NoScript && request.TryUseText())
            {
                // The server doesn't know the script (any more), and has done nothing.
                EnsureTime(TimeLeft());
                continue;
            }
            catch (RedisException e) when (RedisErrors.IsSentAway(e) && TimeLeft() > pause + _leastTime)
            {
                follows = e is RedisConnectionException && !countsCopies;
            }
            await Task.Delay(pause, options.Time, cancellationToken);
            client = await ClientAsync(cancellationToken);
        }
    }

    private async Task<(Reply Reply, Task<RedisResult>? Copies)> TryAsync(
        ConnectionMultiplexer client, Request request, bool countsCopies, bool follows, Func<TimeSpan> timeLeft, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var database = client.GetDatabase(options.Database);
        if (_silent.ContainsKey(request.Route))
        {
            await WaitUntilItAnswersAsync(database, request.Route, timeLeft(), cancellationToken);
            EnsureTime(timeLeft());
        }
        if (follows)
        {
            // Of bytes the client keeps none to send again.
            var objects = await InTimeAsync(database.ExecuteAsync(request.Command, request.ToObjects(), CommandFlags.DemandMaster), request.Route, timeLeft(), cancellationToken);
            return (Reply.Of(objects), null);
        }
        var master = countsCopies ? MasterOf(client, request.Route) : null;
        var answer = database.ExecuteRespAsync(request.Command, request.Arguments, CommandFlags.DemandMaster | CommandFlags.NoRedirect);
        // Right behind it, as only the same connection and node know what it wrote.
        var copies = master?.ExecuteAsync("WAIT", [options.Replicas, (long)options.ReplicaTimeout.TotalMilliseconds]);
        var reply = new Reply(await InTimeAsync(answer, request.Route, timeLeft(), cancellationToken), null);
        return (reply, countsCopies && (master is null || !ReferenceEquals(master, MasterOf(client, request.Route))) ? Task.FromResult(RedisResult.Create(0)) : copies);
    }

    // What is sent with next to no time left would be done, and be called failed.
    private void EnsureTime(TimeSpan timeLeft)
    {
        if (timeLeft < _leastTime)
            throw new TimeoutException();
    }

    // What is sent to a server that stands still would be done when it goes on, long after who wanted it has gone. So, where an answer
    // was waited for in vain, one that does no harm must come first.
    private async Task WaitUntilItAnswersAsync(IDatabase database, RedisKey route, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        try
        {
            var answer = database.ExecuteRespAsync("GET", new RedisKeyOrValue[] { route }, CommandFlags.DemandMaster | CommandFlags.NoRedirect);
            (await InTimeAsync(answer, route, timeLeft, cancellationToken)).Dispose();
        }
        catch (RedisException e) when (e is RedisServerException || RedisErrors.IsSentAway(e))
        {
            // Whatever it says, it answers.
        }
        _silent.TryRemove(route, out _);
    }

    private async Task<T> InTimeAsync<T>(Task<T> answer, RedisKey route, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.WaitAsync(timeLeft < TimeSpan.Zero ? TimeSpan.Zero : timeLeft, options.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _silent[route] = true;
            throw;
        }
    }

    private Task<bool> CheckCopiesAsync(Task<RedisResult> copies, CancellationToken cancellationToken) => DescribeAsync("wait for the replicas", async () =>
    {
        var found = (long)await copies.WaitAsync(options.CallTimeout + options.ReplicaTimeout, options.Time, cancellationToken);
        return found >= options.Replicas ? true : throw errors.TooFewReplicas(found);
    }, cancellationToken);

    private async Task<T> DescribeAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (Describe(e, doing) is { } described)
        {
            throw described;
        }
    }

    // A cancellation is none of the store's faults. All else is, also when it comes just as the caller gives up.
    private StoreException? Describe(Exception error, string doing, Script? script = null) => _disposed ? null : errors.Describe(error, doing, script);

    // What fails on a client that was replaced meanwhile says nothing of the new one. Always false: it only takes note.
    private bool NoteThatItMayHaveMoved(ConnectionMultiplexer client, Exception error)
    {
        var isSign = error is RedisServerException ? error.Message.Contains("READONLY", StringComparison.Ordinal) : errors.Describe(error, "") is not null;
        if (isSign && ReferenceEquals(client, _client))
            _mayHaveMoved = true;
        return false;
    }

    /// <summary>The client, connected once; anew where the master may be another one by now.</summary>
    private async ValueTask<ConnectionMultiplexer> ClientAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _client is { } client && !MustFindMaster(client) ? client : await ConnectAsync(cancellationToken);
    }

    // A cluster's client follows its masters by itself.
    private bool MustFindMaster(ConnectionMultiplexer client) =>
        (options.SentinelName is not null && _mayHaveMoved)
        || (options.Hosts.Count > 1 && options.SentinelName is null && !_isCluster && (_mayHaveMoved || MastersOf(client).Count() > 1));

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is { } client && !MustFindMaster(client))
                return client;
            _interruptions.Trying();
            var hosts = options.SentinelName is { } name
                ? [await new SentinelLookup(options, errors, name).FindMasterAsync(cancellationToken)]
                : options.Hosts;
            var connected = await ConnectAsync(ClientOptions.ForServers(options, errors, hosts), cancellationToken);
            try
            {
                await CheckAsync(connected, cancellationToken);
            }
            catch
            {
                Close(connected);
                throw;
            }
            _interruptions.Connected(connected);
            (_client, client) = (connected, _client);
            (_isCluster, _mayHaveMoved) = (IsCluster(connected), false);
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

    private async Task CheckAsync(ConnectionMultiplexer client, CancellationToken cancellationToken)
    {
        var masters = MastersOf(client).ToList();
        if (IsCluster(client) && options.Database != 0)
            throw errors.Refuse($"a cluster has database 0 only; correct the database {options.Database} in the store's URL");
        if (!IsCluster(client) && masters.Count > 1)
        {
            throw errors.RefuseNow(
                $"{string.Join(" and ", masters.Select(static master => master.EndPoint.ToString()))} are masters, each with data of its own; "
                + "name one master and its replicas, or nodes of one cluster");
        }
        // To a server that knows the user not, or by another password, the client would go on as the default user.
        if (options.User is { } user)
        {
            await Task.WhenAll(masters.Select(master => master.ExecuteAsync("AUTH", [user, options.Password ?? ""])))
                .WaitAsync(options.CallTimeout, options.Time, cancellationToken);
        }
    }

    private static bool IsCluster(ConnectionMultiplexer client) => client.GetServers().Any(static server => server.ServerType == ServerType.Cluster);

    private static IEnumerable<IServer> MastersOf(ConnectionMultiplexer client) => client.GetServers().Where(static server => server.IsConnected && !server.IsReplica);

    private static IServer? MasterOf(ConnectionMultiplexer client, RedisKey route)
    {
        try
        {
            return client.GetServer(route, flags: CommandFlags.DemandMaster);
        }
        catch (InvalidOperationException)
        {
            // None is connected, which the command itself will tell.
            return null;
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // To let commands end would wait for the server to close the connection, which it may not be there to do.
    private static void Close(ConnectionMultiplexer? client)
    {
        client?.Close(allowCommandsToComplete: false);
        client?.Dispose();
    }
}
