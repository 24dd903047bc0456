using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Sqlite.Catalog;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>The file: how it is made, what is refused, what is in force.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    private string Path => _folder.Combine("ipam.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_folder_and_file_are_made_for_their_owner_alone()
    {
        var path = _folder.Combine("a/b/ipam.db");
        await using var store = await TestStores.OpenAsync(path);
        await TestStores.GiveAsync(store, "10.0.0.1");

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Combine("a/b")));
        foreach (var file in Directory.GetFiles(_folder.Combine("a/b")))
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.Equal(3, Directory.GetFiles(_folder.Combine("a/b")).Length);
    }

    [Fact]
    public async Task A_relative_path_counts_from_the_working_directory()
    {
        var relative = System.IO.Path.GetRelativePath(Environment.CurrentDirectory, Path);
        await using (await TestStores.OpenAsync(relative))
            Assert.True(File.Exists(Path));
    }

    [Fact]
    public async Task The_description_is_a_URL_that_leads_to_the_same_file()
    {
        await using var store = await TestStores.OpenAsync(Path);
        var lease = await TestStores.GiveAsync(store, "10.0.0.1");

        await using var same = StoreFactory.Create(store.Description, TimeProvider.System);
        await same.OpenAsync(default);
        Assert.Equal([lease], await same.FindLeasesAsync(lease.Owner, null, default));
    }

    [Fact]
    public async Task A_closed_store_leaves_one_file_behind()
    {
        await using (var store = await TestStores.OpenAsync(Path))
            await TestStores.GiveAsync(store, "10.0.0.1");

        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Files_that_others_may_write_are_restricted_and_said()
    {
        await using (var store = await TestStores.OpenAsync(Path))
            await TestStores.GiveAsync(store, "10.0.0.1");
        await using var other = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(other, "10.0.1.1");
        foreach (var path in Directory.GetFiles(_folder.Path))
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);

        await using var same = await TestStores.OpenAsync(Path);
        Assert.All(Directory.GetFiles(_folder.Path), static path => Assert.Equal(OwnerOnly, File.GetUnixFileMode(path)));
        Assert.Equal(3, same.Warnings.Count);
        Assert.Contains($"the file {Path} had mode 0626, and has 0600 now", same.Warnings[0], StringComparison.Ordinal);
        Assert.Empty(other.Warnings);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.GroupWrite, true)]
    [InlineData(UnixFileMode.GroupWrite, true)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit, false)]
    [InlineData(UnixFileMode.OtherRead, false)]
    public async Task A_folder_in_which_others_may_replace_the_file_is_restricted_and_said(UnixFileMode more, bool isMended)
    {
        var mode = OwnerOnly | UnixFileMode.UserExecute | more;
        Directory.CreateDirectory(_folder.Combine("f"));
        File.SetUnixFileMode(_folder.Combine("f"), mode);

        await using var store = await TestStores.OpenAsync(_folder.Combine("f/ipam.db"));
        Assert.Equal(isMended ? mode & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite) : mode, File.GetUnixFileMode(_folder.Combine("f")));
        Assert.Equal(isMended ? 1 : 0, store.Warnings.Count(static warning => warning.Contains("others may have replaced the file", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_file_is_refused()
    {
        await using (await TestStores.OpenAsync(Path))
        {
        }
        var link = _folder.Combine("link.db");
        File.CreateSymbolicLink(link, Path);
        Assert.Contains("is in the place of the file", await TestStores.MustNotOpenAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_stays_small_under_commits_that_never_pause()
    {
        await using var store = await TestStores.OpenAsync(Path, new SqliteStoreOptions { PagesPerCheckpoint = 200 });
        var block = Some.NoBlock();
        for (var i = 0; i < 2_000; i++)
        {
            var change = Change.Of(block, [Some.Lease($"10.0.0.{i % 64}")], block.Leases);
            block = change.Block with { Version = Assert.Single(await store.CommitAsync([change], default)).Version };
        }

        // Without checkpoints it would have at least two pages per commit, 16 MiB.
        Assert.InRange(new FileInfo(Path + "-wal").Length, 1, 8 << 20);
        await store.PingAsync(default);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_makes_a_commit_durable_is_in_force_on_every_connection(bool readOnly)
    {
        await using var store = await TestStores.OpenAsync(Path);
        using var connection = new ConnectionSource(new DatabaseFile(Path), TimeSpan.FromSeconds(3)).Open(readOnly);

        Assert.Equal("wal", ConnectionSource.Ask(connection, "PRAGMA journal_mode"));
        Assert.Equal("2", ConnectionSource.Ask(connection, "PRAGMA synchronous"));
        Assert.Equal("3000", ConnectionSource.Ask(connection, "PRAGMA busy_timeout"));
        Assert.Equal(readOnly ? "1" : "0", ConnectionSource.Ask(connection, "PRAGMA query_only"));
    }

    [Fact]
    public async Task A_checkpoint_that_another_process_keeps_from_running_for_a_moment_is_tried_again_and_is_no_fault()
    {
        await using var store = await TestStores.OpenAsync(Path, new SqliteStoreOptions { PagesPerCheckpoint = 1 });
        await TestStores.GiveAsync(store, "10.0.0.1");
        using var reader = new SqliteConnection($"Data Source={Path};Pooling=False");
        reader.Open();
        using var reading = reader.BeginTransaction(deferred: true);
        using (var read = reader.CreateCommand())
        {
            read.Transaction = reading;
            read.CommandText = "SELECT count(*) FROM leases";
            read.ExecuteScalar();
        }
        // It holds the lock of checkpoints while it waits for the reader.
        await TestStores.GiveAsync(store, "10.0.1.1");
        var other = Task.Run(() => TestStores.Sql(Path, "PRAGMA busy_timeout = 2000; PRAGMA wal_checkpoint(RESTART)"));
        for (var i = 0; !other.IsCompleted; i++)
        {
            await TestStores.GiveAsync(store, $"10.1.{i}.1");
            // As long as a checkpoint takes.
            await Task.Delay(50);
            await store.PingAsync(default);
        }
        await other;
        reading.Rollback();

        // Without another commit.
        await Task.Delay(1_500);
        await store.PingAsync(default);
    }

    [Theory]
    [InlineData("CREATE TABLE shopping (item)")]
    [InlineData("PRAGMA application_id = 1; CREATE TABLE shopping (item)")]
    [InlineData("PRAGMA user_version = 7")]
    public async Task A_database_of_another_program_is_refused_and_left_alone(string sql)
    {
        TestStores.Sql(Path, sql);
        var before = await File.ReadAllBytesAsync(Path);

        Assert.Contains("a database of another program", await TestStores.MustNotOpenAsync(Path), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named() =>
        Assert.Contains("can't be created", await TestStores.MustNotOpenAsync("/proc/no-such-folder/ipam.db"), StringComparison.Ordinal);

    [Fact]
    public async Task A_path_that_is_a_folder_is_refused() =>
        Assert.Contains("can't be created", await TestStores.MustNotOpenAsync(_folder.Path), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_was_removed_while_in_use_takes_no_more_commits()
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        File.Delete(Path);

        var commit = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync([Change.Give(Some.NoBlock("10.0.1.0"))], default));
        var ping = await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default));
        Assert.Contains("removed while in use", commit.Message, StringComparison.Ordinal);
        Assert.Equal(commit.Message, ping.Message);
    }

    [Fact]
    public async Task Files_that_were_lost_are_left_as_soon_as_nothing_keeps_what_is_known_of_them()
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        IStorePasts past = store;
        past.Expect(await past.ReadAsync(default));
        using (var left = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            left.Open();
            ConnectionSource.Run(left, "BEGIN; SELECT count(*) FROM store");
            LoseLog();
            await Assert.ThrowsAsync<StoreException>(() => past.ReadAsync(default));
        }

        var found = await past.ReadAsync(default);
        Assert.Equal(StorePast.WentBack, found.Revision);
        past.Expect(found with { Revision = 0 });
        await TestStores.GiveAsync(store, "10.0.1.1");

        LoseLog();
        Assert.True((await Assert.ThrowsAsync<StoreException>(() => TestStores.GiveAsync(store, "10.0.2.1"))).IsLoss);
    }

    [Fact]
    public async Task A_connection_that_can_not_be_used_leaves_no_file_open()
    {
        await using var store = await TestStores.OpenAsync(Path);
        TestStores.Sql(Path, "ALTER TABLE leases RENAME TO hidden");
        await FailAsync(store);
        var before = OpenFiles();
        for (var i = 0; i < 20; i++)
            await FailAsync(store);
        Assert.Equal(before, OpenFiles());
    }

    [Fact]
    public async Task Reads_that_hang_keep_neither_their_callers_threads_nor_commits_nor_a_deadline_waiting()
    {
        await using var store = await TestStores.OpenAsync(Path);
        using var disk = new ManualResetEventSlim();
        using var deadline = new CancellationTokenSource();
        // More than there are threads for reads.
        var hanging = Enumerable.Range(0, 20).Select(_ => Task.Run(() => ((ISqliteAccess)store).ReadAsync("hang", _ => disk.Wait(TimeSpan.FromSeconds(60)), deadline.Token))).ToArray();
        try
        {
            await TestStores.GiveAsync(store, "10.0.0.1").WaitAsync(TimeSpan.FromSeconds(10));
            await deadline.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(hanging).WaitAsync(TimeSpan.FromSeconds(10)));
        }
        finally
        {
            disk.Set();
        }
        await store.PingAsync(default).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_store_that_is_not_open_or_no_longer_says_so()
    {
        var store = new SqliteStore(Path);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.PingAsync(default));

        await store.OpenAsync(default);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.PingAsync(default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.CommitAsync([Change.Give(Some.NoBlock())], default));
    }

    [RootFact]
    public async Task A_full_disk_fails_the_commit_whole_and_the_next_one_succeeds_once_there_is_room()
    {
        var at = _folder.Combine("small");
        Directory.CreateDirectory(at);
        using var mount = Mount.Small(at, kilobytes: 1_024);
        await using var store = await TestStores.OpenAsync(System.IO.Path.Combine(at, "ipam.db"));
        var kept = await TestStores.GiveAsync(store, "10.0.0.1");
        var filler = System.IO.Path.Combine(at, "filler");
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(filler, new byte[2 << 20]));

        // The log has some room of its own; many leases need more.
        var big = Some.NoBlock("10.0.1.0");
        var change = Change.Give(big, [.. Enumerable.Range(0, 64).Select(i => Some.Lease(big.Id.AddressAt(i)) with { NetworkNamespace = new string('n', 3_000) })]);
        var error = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync([change], default));
        Assert.Contains("The disk is full; make room", error.Message, StringComparison.Ordinal);
        Assert.Equal([kept], (await TestStores.ListAsync(store)).SelectMany(block => block.Leases));

        File.Delete(filler);
        Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([change], default)).Status);
        Assert.Equal(65, (await TestStores.ListAsync(store)).Sum(block => block.Leases.Count));
    }

    [RootFact]
    public async Task A_read_only_disk_is_named_as_such()
    {
        await using (var store = await TestStores.OpenAsync(Path))
            await TestStores.GiveAsync(store, "10.0.0.1");
        using var mount = Mount.ReadOnly(_folder.Path);

        Assert.Contains("read-only", await TestStores.MustNotOpenAsync(Path), StringComparison.Ordinal);
        Assert.Contains("read-only", await TestStores.MustNotOpenAsync(_folder.Combine("other.db")), StringComparison.Ordinal);
    }

    private static async Task FailAsync(SqliteStore store)
    {
        await Assert.ThrowsAsync<StoreException>(() => store.PingAsync(default));
        await Assert.ThrowsAsync<StoreException>(() => TestStores.GiveAsync(store, "10.0.0.1"));
    }

    private void LoseLog()
    {
        File.Delete($"{Path}-wal");
        File.Delete($"{Path}-shm");
    }

    /// <summary>How often this process has the database or its log open.</summary>
    private int OpenFiles() => new DirectoryInfo("/proc/self/fd").GetFiles().Count(file => file.LinkTarget?.StartsWith(Path, StringComparison.Ordinal) == true);
}
