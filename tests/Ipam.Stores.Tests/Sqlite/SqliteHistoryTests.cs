using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Sqlite;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.History;
using Ipam.Stores.Sqlite.Migrations;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Sqlite;

/// <summary>What a file keeps of which leases there were.</summary>
public sealed class SqliteHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private string Path => _folder.Combine("ipam.db");

    private string Folder => $"{Path}-history";

    private IEnumerable<string> Chapters => Directory.EnumerateFiles(Folder, "*.db").Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_older_program_opens_a_file_with_a_history_and_leaves_it_alone()
    {
        await using (var store = await TestStores.OpenAsync(Path))
            await TestStores.GiveAsync(store, "10.0.0.1");

        // All that an older program looks at: it has the same steps, and knows nothing of the table.
        Assert.Equal([$"{SchemaVersions.Newest}"], TestStores.Sql(Path, "PRAGMA user_version"));
        new Migrator(new ConnectionSource(new DatabaseFile(Path), TimeSpan.FromSeconds(5)), SchemaVersions.All).Migrate();
        // It takes an address and releases one, without an event.
        TestStores.Sql(Path, "DELETE FROM leases; UPDATE blocks SET held = 0, version = 2; UPDATE store SET revision = 2");

        await using var again = await TestStores.OpenAsync(Path);
        var story = Assert.Single(await FindAsync(again, "10.0.0.1"));
        Assert.Equal((BeginCause.Add, null, true), (story.Began!.Value.Cause, story.EndedAt, story.EndIsUnknown));
    }

    [Fact]
    public async Task A_lease_that_is_older_than_the_history_is_told_as_far_as_it_is_known()
    {
        var options = new SqliteStoreOptions { History = HistoryBounds.Off };
        Lease lease;
        await using (var store = await TestStores.OpenAsync(Path, options))
            lease = await TestStores.GiveAsync(store, "10.0.0.1");

        await using var again = await TestStores.OpenAsync(Path);
        var story = Assert.Single(await FindAsync(again, "10.0.0.1"));
        Assert.Equal((lease.AcquiredAt, null, null, false), (story.BeganAt, story.Began, story.EndedAt, story.EndIsUnknown));
    }

    [Fact]
    public async Task Where_it_is_off_nothing_is_written_and_what_was_stays()
    {
        await using (var store = await TestStores.OpenAsync(Path))
            await TestStores.GiveAsync(store, "10.0.0.1");
        await using (var off = await TestStores.OpenAsync(Path, new SqliteStoreOptions { History = HistoryBounds.Off }))
        {
            await TestStores.GiveAsync(off, "10.0.1.1");
            await off.History!.TidyAsync(default);
            Assert.Empty(TestStores.Sql(Path, "SELECT name FROM sqlite_schema WHERE name = 'history_log'"));
            Assert.Empty(await off.History.FindAsync(new HistoryQuestion { Address = Address.Parse("10.0.1.1") }, default));
            Assert.Single(await off.History.FindAsync(new HistoryQuestion { Address = Address.Parse("10.0.0.1") }, default));
        }
    }

    [Fact]
    public async Task What_is_moved_twice_is_told_once()
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        var row = Assert.Single(TestStores.Sql(Path, "SELECT id || ', X''' || hex(events) || '''' FROM history_log"));
        await store.History!.TidyAsync(default);
        Assert.Empty(TestStores.Sql(Path, "SELECT 1 FROM history_log"));

        // As if it had been killed before it removed what it had moved.
        TestStores.Sql(Path, $"INSERT INTO history_log VALUES ({row})");
        Assert.Single(await FindAsync(store, "10.0.0.1"));
        await store.History.TidyAsync(default);

        Assert.Single(await store.History.FindAsync(new HistoryQuestion { Address = Address.Parse("10.0.0.1") }, default));
    }

    [Fact]
    public async Task A_chapter_goes_when_all_in_it_is_too_old_or_there_is_no_room()
    {
        var time = new ShiftedTime();
        var bounds = new HistoryBounds(TimeSpan.FromDays(10), MostBytes: 200_000);
        await using var store = await TestStores.OpenAsync(Path, new SqliteStoreOptions { Time = time, History = bounds });
        for (var week = 0; week < 4; week++)
        {
            await TestStores.GiveAsync(store, $"10.0.{week}.1");
            await store.History!.TidyAsync(default);
            time.Shift += TimeSpan.FromDays(7.5);
        }
        Assert.Equal(["", "10.0.1.1", "10.0.2.1", "10.0.3.1"], await ToldAsync());

        // A chapter takes at most a part of the room, and all together no more than that.
        for (var i = 0; i < 40; i++)
        {
            var leases = Enumerable.Range(0, 64).Select(offset => Some.Lease($"10.1.{i}.{offset}")).ToArray();
            await store.CommitAsync([Change.Give(Some.NoBlock($"10.1.{i}.0"), leases)], default);
            await store.History!.TidyAsync(default);
            time.Shift += TimeSpan.FromSeconds(1);
        }
        Assert.InRange(Chapters.Count(), 2, 16);
        Assert.InRange(Directory.EnumerateFiles(Folder).Sum(static file => new FileInfo(file).Length), 1, bounds.MostBytes!.Value);
        Assert.Equal(["", "", "", ""], await ToldAsync());

        async Task<List<string>> ToldAsync()
        {
            var told = new List<string>();
            for (var week = 0; week < 4; week++)
                told.Add(string.Concat((await store.History!.FindAsync(new HistoryQuestion { Address = Address.Parse($"10.0.{week}.1") }, default)).Select(static one => one.Lease.Address)));
            return told;
        }
    }

    [Fact]
    public async Task A_damaged_chapter_is_named_and_set_aside_and_the_history_goes_on()
    {
        await using var store = await TestStores.OpenAsync(Path);
        await TestStores.GiveAsync(store, "10.0.0.1");
        await store.History!.TidyAsync(default);
        var chapter = Assert.Single(Chapters);
        File.WriteAllText(chapter, "no database at all, but of some length");

        var read = await Assert.ThrowsAsync<StoreException>(() => FindAsync(store, "10.0.0.1"));
        Assert.Contains($"{chapter}: failed to read the history", read.Message, StringComparison.Ordinal);
        await TestStores.GiveAsync(store, "10.0.1.1");
        var written = await Assert.ThrowsAsync<StoreException>(() => store.History.TidyAsync(default));
        Assert.Contains($"{chapter}: failed to write the history", written.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(chapter + ".damaged"));

        await store.History.TidyAsync(default);
        Assert.Single(await FindAsync(store, "10.0.1.1"));
    }

    [Fact]
    public async Task Events_that_cannot_be_moved_wait_and_the_oldest_go_when_they_are_too_many()
    {
        await using var store = await TestStores.OpenAsync(Path);
        for (var i = 0; i < 5; i++)
            await TestStores.GiveAsync(store, $"10.0.{i}.1");
        File.WriteAllText(Folder, "a file in the place of the folder");
        var patience = TimeSpan.FromSeconds(5);
        var history = new SqliteHistory(new ConnectionSource(new DatabaseFile(Path), patience), HistoryBounds.Usual, patience, TimeProvider.System, mostWaiting: 2);

        Assert.Throws<StoreException>(() => history.Tidy(default));
        Assert.Equal(["10.0.3.1", "10.0.4.1"], history.Find(new HistoryQuestion()).Select(static one => one.Lease.Address.ToString()));
        File.Delete(Folder);
        history.Tidy(default);

        Assert.Equal(["10.0.3.1", "10.0.4.1"], history.Find(new HistoryQuestion()).Select(static one => one.Lease.Address.ToString()));
        Assert.Single(Chapters);
    }

    [Fact]
    public void An_event_takes_no_more_than_a_hundred_bytes_and_an_address_is_found_at_once()
    {
        const int blocks = 100, rounds = 10;
        var chapters = new Chapters(Folder, HistoryBounds.Usual, new ShiftedTime());
        var random = new Random(1);
        for (var round = 0; round < rounds; round++)
        {
            var events = new List<LeaseEvent>();
            for (var i = 0; i < blocks * 64; i++)
            {
                var lease = Lease(new Address(IpFamily.V4, 0x0a000000 + (uint)i), random) with { Sequence = 1_790_000_000_000_000 + round * 1_000_000L + i };
                events.Add(new LeaseEvent(lease, Noon.AddMinutes(round), new BeginReason(BeginCause.Add, lease.Node), null));
                events.Add(new LeaseEvent(lease, Noon.AddMinutes(round).AddSeconds(30), null, new ReleaseReason(ReleaseCause.Del, lease.Node)));
            }
            foreach (var some in events.Chunk(4_000))
                chapters.Append(some);
        }

        Assert.InRange(Directory.EnumerateFiles(Folder).Sum(static file => new FileInfo(file).Length) / (2.0 * blocks * 64 * rounds), 1, 100);
        Assert.Equal(2 * rounds, chapters.Find(new HistoryQuestion { Address = Address.Parse("10.0.9.9") }).Count);
    }

    [Fact]
    public async Task A_process_that_is_killed_has_an_event_for_each_commit_and_none_without_one()
    {
        for (var round = 0; round < 3; round++)
        {
            using var process = new TakerProcess(Path, $"round-{round}", int.MaxValue);
            for (var i = 0; i < 100; i++)
                await process.NextAsync();
            process.Kill();
            await process.RestAsync();
            await process.EndAsync();
            await using var between = await TestStores.OpenAsync(Path);
            await between.History!.TidyAsync(default);
        }

        await using var store = await TestStores.OpenAsync(Path);
        var held = (await TestStores.ListAsync(store)).SelectMany(static block => block.Leases).Select(LeaseToken.Of).ToHashSet();
        var told = (await store.History!.FindAsync(new HistoryQuestion(), default)).Select(static one => LeaseToken.Of(one.Lease)).ToList();
        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.Equal(held, told.ToHashSet());
    }

    private static Task<IReadOnlyList<LeaseStory>> FindAsync(SqliteStore store, string address) =>
        new HistorySearch(store, store.History!).FindAsync(new HistoryQuestion { Address = Address.Parse(address) }, default);

    /// <summary>A lease as a cluster has them.</summary>
    private static Lease Lease(Address address, Random random)
    {
        var id = new byte[32];
        random.NextBytes(id);
        return new Lease
        {
            Space = "default",
            Address = address,
            Owner = new Owner("pods", Convert.ToHexStringLower(id), "eth0"),
            Entry = 0,
            Sequence = 1,
            Node = $"worker-{random.Next(100)}",
            Pod = new PodReference($"namespace-{random.Next(50)}", $"checkout-{random.Next():x8}-{random.Next(1 << 20):x5}", new Guid(id.AsSpan(0, 16)).ToString()),
            AcquiredAt = Noon,
        };
    }
}
