using System.Runtime.CompilerServices;
using Ipam.Core.Blocks;
using Ipam.Core.Leases;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Migrations;
using Ipam.Stores.Sqlite.Reading;
using Ipam.Stores.Sqlite.Writing;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite;

/// <summary>
/// A store in one SQLite file on a local disk. Commits all changes or none; what is committed is on the disk. Several processes may
/// use one file. SQLite has no asynchronous calls: members work on the caller's thread, except that commits wait for one another
/// without one. Cancellation is honoured before work starts and between the pages of a listing.
/// </summary>
public sealed class SqliteStore : IIpamStore
{
    private readonly SqliteStoreOptions _options;
    private readonly DatabaseFile _file;
    private readonly ConnectionSource _connections;
    private readonly ReaderPool _readers;
    private readonly Checkpointer _checkpointer;
    private readonly SemaphoreSlim _writing = new(1);
    private Writer? _writer;
    private volatile State _state;

    /// <summary>A store in a file; nothing is touched until <see cref="OpenAsync"/>.</summary>
    /// <param name="path">The file; a relative path counts from the working directory.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    public SqliteStore(string path, SqliteStoreOptions? options = null)
    {
        _options = options ?? new SqliteStoreOptions();
        _file = new DatabaseFile(path);
        _connections = new ConnectionSource(_file, _options.BusyTimeout);
        _readers = new ReaderPool(_connections);
        _checkpointer = new Checkpointer(_connections, _writing, _options.PagesPerCheckpoint);
    }

    /// <inheritdoc/>
    public string Description => $"sqlite:{_file.Path}";

    private enum State
    {
        New,
        Open,
        Disposed,
    }

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Run("open the file", () =>
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_options.MustExist)
            EnsureExists();
        else
            CreateOrUpgrade();
        _state = State.Open;
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => Read("answer", reader =>
    {
        if (_checkpointer.Fault is { } fault)
            throw fault;
        return reader.FindLeases(new Owner("", "", ""));
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListSpacesAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<string>>("list the spaces", reader => reader.Blocks.Spaces(), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Block> ListBlocksAsync(string? space, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var name in space is null ? await ListSpacesAsync(cancellationToken) : [space])
        {
            Block? last = null;
            do
            {
                var page = await Read("list the blocks", reader => reader.Blocks.Page(name, last, _options.BlocksPerPage), cancellationToken);
                foreach (var block in page)
                    yield return block;
                last = page.Count == _options.BlocksPerPage ? page[^1] : null;
            }
            while (last is not null);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BlockVersion>> ListVersionsAsync(string? space, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<BlockVersion>>("list the blocks' versions", reader => reader.Blocks.Versions(space), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Block>> ReadBlocksAsync(IReadOnlyCollection<BlockId> ids, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Block>>("read blocks", reader => reader.Blocks.Read(ids), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> FindLeasesAsync(Owner owner, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<Lease>>("find an owner's leases", reader => reader.FindLeases(owner), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<BlockChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return [];
        WriteOutcome outcome;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            outcome = await Run("commit", () => Write(changes), cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
        return outcome.Refusals.Count == 0
            ? CommitResults.Written(changes, outcome.Revision)
            : await Read("read what a commit ran into", reader => CommitResults.Refused(changes, outcome.Refusals, reader), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // After the commit that is under way; those that still wait are refused.
        await _writing.WaitAsync();
        _state = State.Disposed;
        _writing.Release();

        _checkpointer.Dispose();
        _readers.Dispose();
        _writer?.Dispose();
        _writer = null;
    }

    private void EnsureExists()
    {
        _file.EnsureThere();
        new Migrator(_connections, SchemaVersions.All).EnsureNewest();
    }

    private void CreateOrUpgrade()
    {
        _file.CreateIfMissing();
        new Migrator(_connections, SchemaVersions.All).Migrate();
        _writer ??= OpenWriter();
    }

    private WriteOutcome Write(IReadOnlyList<BlockChange> changes)
    {
        EnsureUsable();
        _writer ??= OpenWriter();
        try
        {
            var outcome = _writer.Write(changes);
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

    private Writer OpenWriter() => new(_connections.Open(readOnly: false), _file.Path);

    private Task<T> Read<T>(string doing, Func<Reader, T> read, CancellationToken cancellationToken) =>
        Run(doing, () =>
        {
            EnsureUsable();
            return _readers.Use(read);
        }, cancellationToken);

    private Task<T> Run<T>(string doing, Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(work());
        }
        catch (SqliteException e)
        {
            return Task.FromException<T>(SqliteErrors.Describe(e, _file.Path, doing));
        }
        catch (InvalidDataException e)
        {
            return Task.FromException<T>(SqliteErrors.Describe(e, _file.Path, doing));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private void EnsureUsable()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_state == State.New)
            throw new InvalidOperationException($"the store {Description} is not open; call OpenAsync first");
        _file.EnsureStillThere();
    }
}
