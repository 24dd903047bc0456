using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Catalog;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.History;
using Ipam.Stores.Sqlite.Identity;
using Ipam.Stores.Sqlite.Migrations;
using Ipam.Stores.Sqlite.Reading;
using Ipam.Stores.Sqlite.Writing;

namespace Ipam.Stores.Sqlite;

/// <summary>
/// A store in one SQLite file on a local disk. Commits all changes or none; what is committed is on the disk. Several processes may
/// use one file. SQLite has no asynchronous calls: commits work on the caller's thread, one at a time, and reads on threads of the store's own. Cancellation is
/// honoured before work starts; it ends the wait for a read at once.
/// </summary>
public sealed partial class SqliteStore : IIpamStore, ISqliteAccess, IStorePasts
{
    private static readonly Owner Nobody = new("", "", "");

    private readonly SqliteStoreOptions _options;
    private readonly DatabaseFile _file;
    private readonly ConnectionSource _connections;
    private readonly ReaderPool _readers;
    private readonly DiskThreads _threads = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly SqliteHistory _history;
    private Writer? _writer;
    private CatalogWriter? _catalogWriter;
    private Checkpointer _checkpointer;
    private HeldFiles? _files;
    private string? _expected;
    private long _known;
    private bool _isExchanged;
    private volatile State _state;
    private long _reads;

    /// <summary>A store in a file; nothing is touched until <see cref="OpenAsync"/>.</summary>
    /// <param name="path">The file; a relative path counts from the working directory.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    public SqliteStore(string path, SqliteStoreOptions? options = null)
    {
        _options = options ?? new SqliteStoreOptions();
        _file = new DatabaseFile(path);
        _connections = new ConnectionSource(_file, _options.BusyTimeout);
        _readers = new ReaderPool(_connections);
        _checkpointer = new Checkpointer(_connections, _writing, _options.PagesPerCheckpoint, _options.Time);
        _history = new SqliteHistory(_connections, _options.History, _options.BusyTimeout, _options.Time);
        Pools = new SqlitePools(this, _options.Time);
        Leaders = new SqliteLeaders(this);
        Nodes = new SqliteNodes(this, $"{_file.Path}-nodes");
        Sticky = new SqliteTexts(this, "sticky", "what a sticky owner has");
        Quotas = new SqliteTexts(this, "quota", "who holds how much of a quota");
        Trends = new SqliteTrends(this, $"{_file.Path}-trends");
    }

    /// <inheritdoc/>
    public string Description => $"sqlite:{_file.Path}";

    /// <summary>How often the file was asked for something, commits not counted.</summary>
    internal long Reads => Interlocked.Read(ref _reads);

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <inheritdoc/>
    public IPoolStore Pools { get; }

    /// <inheritdoc/>
    public bool IsSharedByNodes => false;

    /// <inheritdoc/>
    public bool HasOwnerIndex => true;

    /// <inheritdoc/>
    public IStorePasts Past => this;

    /// <inheritdoc/>
    public ILeaderRecords Leaders { get; }

    /// <inheritdoc/>
    public INodeRegistry Nodes { get; }

    /// <inheritdoc/>
    public ITrendStore Trends { get; }

    /// <inheritdoc/>
    public INamedTexts Sticky { get; }

    /// <inheritdoc/>
    public INamedTexts Quotas { get; }

    /// <inheritdoc/>
    public INodeFacts? NodeFacts => null;

    /// <inheritdoc/>
    public IPoolStatusStore? PoolStatuses => null;

    private enum State
    {
        New,
        Open,
        Disposed,
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => RunBeside("open the file", () =>
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_options.MustExist)
            _file.EnsureThere();
        if (_options.MustExist)
            new SchemaVersion(_connections, SchemaVersions.Newest).EnsureNewest();
        else
            CreateOrUpgrade();
        // What each first release would wait for otherwise.
        _readers.Use(static reader => reader.Leases.Of(Nobody));
        _state = State.Open;
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => Read("answer", reader =>
    {
        if (_checkpointer.Fault is { } fault)
            throw fault;
        return reader.Leases.Of(Nobody);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<string>>("list the spaces", reader => reader.Blocks.Spaces().Whole, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Found<Block>> ListBlocksAsync(BlockFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var spaces = filter.Space is { } one ? new Found<string>([one]) : await Read("list the spaces", reader => reader.Blocks.Spaces(), cancellationToken);
        yield return new Found<Block>([], spaces.Damaged);
        foreach (var name in spaces)
        {
            // While the caller works on a page, the next one is read.
            for (var reading = PageAsync(null); reading is not null;)
            {
                var page = await reading;
                reading = page.Last is { } last ? PageAsync(last) : null;
                yield return page.Blocks;
            }

            Task<BlockPage> PageAsync(byte[]? last) =>
                Read("list the blocks", reader => reader.Blocks.Page(name, filter.Node, last, _options.BlocksPerPage), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<Found<BlockSummary>> ListSummariesAsync(BlockFilter filter, CancellationToken cancellationToken) =>
        Read("list the blocks' versions", reader => reader.Blocks.Summaries(filter), cancellationToken);

    /// <inheritdoc/>
    public Task<Found<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) =>
        Read("read blocks", reader => reader.Blocks.Read(ids), cancellationToken);

    /// <inheritdoc/>
    public Task<Found<Lease>> FindLeasesAsync(Owner owner, string? node, CancellationToken cancellationToken) =>
        Read("find an owner's leases", reader => reader.Leases.Of(owner), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return [];
        WriteOutcome outcome;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            outcome = Run("commit", () => Write(changes), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
        return outcome.Refusals.Count == 0
            ? CommitResults.Written(changes, outcome)
            : await Read("read what a commit ran into", reader => CommitResults.Refused(changes, outcome.Refusals, reader), cancellationToken);
    }

    /// <inheritdoc/>
    Task<T> ISqliteAccess.ReadAsync<T>(string doing, Func<Reader, T> read, CancellationToken cancellationToken) => Read(doing, read, cancellationToken);

    /// <inheritdoc/>
    Task<T> ISqliteAccess.ChangeAsync<T>(string doing, Func<CatalogWriter, T> change, CancellationToken cancellationToken) =>
        Change(doing, change, cancellationToken);

    /// <inheritdoc/>
    Task<T> ISqliteAccess.RunAsync<T>(string doing, Func<T> work, CancellationToken cancellationToken) => RunAlone(doing, work, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // After the commit and the change that are under way; those that still wait are refused.
        await _changing.WaitAsync();
        await _writing.WaitAsync();
        _state = State.Disposed;
        _writing.Release();
        _changing.Release();

        _threads.Dispose();
        _readers.Dispose();
        Close();
        _checkpointer.Dispose();
        _files?.Dispose();
    }

    private void CreateOrUpgrade()
    {
        _file.CreateIfMissing();
        Warnings = _file.Restrict();
        new Migrator(_connections, SchemaVersions.All).Migrate();
        _history.Prepare();
        _files ??= new HeldFiles(_connections);
        _writer ??= OpenWriter();
    }

    /// <summary>Whether the files that lie at their place aren't those that are open, or no opening of them has succeeded yet.</summary>
    private bool AreOthersThere => !_options.MustExist && _files?.AreInPlace != true;

    /// <summary>Leaves the files that were open for those that lie at their place now. Nobody commits meanwhile.</summary>
    private void Reopen()
    {
        _file.EnsureStillThere();
        Close();
        _readers.CloseAll();
        _checkpointer.Dispose();
        _checkpointer = new Checkpointer(_connections, _writing, _options.PagesPerCheckpoint, _options.Time);
        _files?.Dispose();
        _files = null;
        _isExchanged = true;
        CreateOrUpgrade();
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
        _catalogWriter?.Dispose();
        _catalogWriter = null;
    }

    private async Task<T> Change<T>(string doing, Func<CatalogWriter, T> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            return await RunBeside(doing, () => Change(change), cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    private T Change<T>(Func<CatalogWriter, T> change)
    {
        EnsureUsable();
        _catalogWriter ??= new CatalogWriter(new Statements(_connections.Open(readOnly: false)), _options.BusyTimeout, _options.Time);
        try
        {
            return change(_catalogWriter);
        }
        catch
        {
            _catalogWriter.Dispose();
            _catalogWriter = null;
            throw;
        }
    }

    private WriteOutcome Write(IReadOnlyList<BlockChange> changes)
    {
        EnsureOpen();
        _writer ??= OpenWriter();
        try
        {
            var outcome = _writer.Write(changes, _expected, _known);
            // What is in files that nobody finds is not durable.
            _files?.EnsureInPlace();
            _known = Math.Max(_known, outcome.Revision);
            _checkpointer.CountPages(outcome.Pages);
            return outcome;
        }
        catch
        {
            // What failed may be the connection's fault: the next commit gets a new one.
            _writer.Dispose();
            _writer = null;
            throw;
        }
    }

    private Writer OpenWriter() => new(new Statements(_connections.Open(readOnly: false)), _options.BusyTimeout, _file.Path, _options.Time);

    private Task<T> Read<T>(string doing, Func<Reader, T> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return RunAlone(doing, () => Use(read), cancellationToken);
    }

    private T Use<T>(Func<Reader, T> read)
    {
        EnsureUsable();
        return _readers.Use(read);
    }

    /// <summary>Work on a thread of the store's own. It is not left while it goes on: what it needs must not be let go of before.</summary>
    private Task<T> RunBeside<T>(string doing, Func<T> work, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => Run(doing, work, cancellationToken), CancellationToken.None);

    /// <summary>The same for work that needs nothing of the caller: it is left at once if the caller cancels.</summary>
    private Task<T> RunAlone<T>(string doing, Func<T> work, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => Run(doing, work, cancellationToken), cancellationToken);

    private T Run<T>(string doing, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return work();
        }
        catch (Exception e) when (SqliteErrors.TryDescribe(e, _file.Path, doing, isUsable: _state == State.Open) is { } described)
        {
            throw described;
        }
    }

    private void EnsureUsable()
    {
        EnsureOpen();
        if (_files is null)
            _file.EnsureStillThere();
        _files?.EnsureInPlace();
    }

    private void EnsureOpen()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        _ = _state == State.Open ? true : throw new InvalidOperationException($"the store {Description} is not open; call OpenAsync first");
    }
}
