using System.Diagnostics;
using System.Globalization;
using Ipam.Bench.Admin;
using Ipam.Bench.Stores;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Bench.History;

/// <summary>A store in which every address of a /16 was held many times. On SQLite that took a quarter; a Redis server has a clock of its own.</summary>
internal sealed class PastLeases : IAsyncDisposable
{
    public const int Addresses = BlockCount * BlockId.Size;

    private const int BlockCount = 1_024;
    private const int BlocksAtOnce = 64;
    private const int Questions = 200;
    private const int ProgramCalls = 20;
    private static readonly TimeSpan Quarter = TimeSpan.FromDays(89);

    private readonly SharedStore _server;
    private readonly IIpamStore _store;
    private readonly DatedTime _time;
    private readonly Block[] _blocks;
    private readonly List<Tenure> _known = [];
    private readonly Random _random = new(1);
    private long _sequence = 1_700_000_000_000_000;

    private PastLeases(SharedStore server, DatedTime time)
    {
        (_server, _time, _store) = (server, time, StoreFactory.Create(server.Url, time));
        var first = BlockId.Of("bench", new Address(IpFamily.V4, 0x0a000000u));
        _blocks = [.. Enumerable.Range(0, BlockCount).Select(number => new Block(first with { Index = first.Index + (uint)number }, []))];
    }

    /// <summary>How many events there are.</summary>
    public int Events { get; private set; }

    /// <summary>The room that an event takes: of a disk, or of a server's memory.</summary>
    public double BytesOfEvent { get; private set; }

    public static async Task<PastLeases> MakeAsync(string kind, int events)
    {
        var span = kind == "redis" ? TimeSpan.Zero : Quarter;
        var past = new PastLeases(SharedStore.Start(kind), new DatedTime { Ago = span });
        await past._store.OpenAsync(default);
        var before = past.Room();
        for (var first = 0; past.Events < events; first = (first + BlocksAtOnce) % BlockCount)
        {
            await past.HoldAsync(first);
            past._time.Ago = span * (1 - past.Events / (double)events);
            await past._store.History!.TidyAsync(default);
        }
        past.BytesOfEvent = (past.Room() - before) / past.Events;
        return past;
    }

    /// <summary>Asks the store who held an address at a time.</summary>
    public async Task<Samples> AskAsync()
    {
        var samples = new Samples();
        foreach (var known in _random.GetItems(_known.ToArray(), Questions))
        {
            var start = Stopwatch.GetTimestamp();
            var events = await _store.History!.FindAsync(new HistoryQuestion { Space = "bench", Address = known.Address, Since = known.At, Until = known.At }, default);
            var held = LeaseStory.Of(events).Where(story => story.WasHeld(known.At, known.At)).ToList();
            samples.Add(Stopwatch.GetElapsedTime(start));
            if (held is not [{ Lease.Owner.ContainerId: var container }] || container != known.Container)
                throw new InvalidOperationException($"{known} is told otherwise: {string.Join(", ", held)}");
        }
        return samples;
    }

    /// <summary>The same by ipamctl, from its start to its end.</summary>
    public Samples AskProgram()
    {
        var samples = new Samples();
        foreach (var known in _random.GetItems(_known.ToArray(), ProgramCalls))
            samples.Add(new AdminCall(AdminCall.Program, ["history", known.Address.ToString(), "--at", known.At.ToString("O"), "-o", "jsonl", "--store", _server.Url]).Run().All);
        return samples;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _server.Dispose();
    }

    /// <summary>All addresses of some blocks are held for a moment. Of some it is known by whom and when.</summary>
    private async Task HoldAsync(int first)
    {
        var blocks = _blocks.AsMemory(first, BlocksAtOnce);
        var leases = blocks.ToArray().Select(block => Enumerable.Range(0, BlockId.Size).Select(offset => LeaseOf(block.Id, offset)).ToArray()).ToArray();
        await CommitAsync(blocks, i => new BlockChange(Next(blocks.Span[i], leases[i]), leases[i], []));
        // Times are kept in whole milliseconds.
        await Task.Delay(2);
        var (lease, at) = (leases[_random.Next(BlocksAtOnce)][_random.Next(BlockId.Size)], _time.GetUtcNow());
        _known.Add(new Tenure(lease.Address, at, lease.Owner.ContainerId));
        await Task.Delay(2);
        await CommitAsync(blocks, i => new BlockChange(Next(blocks.Span[i], []), [], [.. leases[i].Select(static lease => new EndedLease(lease, new ReleaseReason(ReleaseCause.Del, lease.Node, "")))]));
        Events += 2 * BlocksAtOnce * BlockId.Size;
    }

    private async Task CommitAsync(Memory<Block> blocks, Func<int, BlockChange> changeOf)
    {
        var changes = Enumerable.Range(0, blocks.Length).Select(changeOf).ToList();
        var results = await _store.CommitAsync(changes, default);
        for (var i = 0; i < blocks.Length; i++)
        {
            if (results[i].Status != CommitStatus.Committed)
                throw new InvalidOperationException($"{changes[i].Block.Id} can't be written: {results[i].Status}");
            blocks.Span[i] = changes[i].Block with { Version = results[i].Version };
        }
    }

    private Block Next(Block block, IEnumerable<Lease> leases) => new(block.Id, leases) { Version = block.Version, LastSequence = _sequence };

    private Lease LeaseOf(BlockId block, int offset)
    {
        Span<byte> random = stackalloc byte[32];
        _random.NextBytes(random);
        var node = $"worker-{_random.Next(100)}.cluster.example";
        return new Lease
        {
            Space = block.Space,
            Address = block.AddressAt(offset),
            Owner = new Owner("pods", Convert.ToHexStringLower(random), "eth0"),
            Entry = 0,
            Sequence = ++_sequence,
            Node = node,
            Pod = new PodReference("shop", $"web-5d78c9869d-{_random.Next(100_000):x5}", new Guid(random[..16]).ToString("D")),
            NetworkNamespace = $"/var/run/netns/cni-{new Guid(random[16..])}",
            AcquiredAt = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds()),
        };
    }

    private double Room()
    {
        var (kind, rest) = (_server.Url.Split(':')[0], _server.Url[(_server.Url.IndexOf(':') + 1)..]);
        if (kind == "sqlite")
            return !Directory.Exists($"{rest}-history") ? 0 : Directory.EnumerateFiles($"{rest}-history").Sum(static file => new FileInfo(file).Length);
        var server = new Uri(_server.Url);
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-h", server.Host, "-p", $"{server.Port}", "info", "memory"]) { RedirectStandardOutput = true })!;
        var line = cli.StandardOutput.ReadToEnd().Split('\n').First(static line => line.StartsWith("used_memory:", StringComparison.Ordinal));
        return double.Parse(line["used_memory:".Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>A container that held an address at a time.</summary>
    private sealed record Tenure(Address Address, DateTimeOffset At, string Container);
}
