using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using EndToEnd.Support;

namespace EndToEnd.Leaks;

/// <summary>A node whose containers live in real namespaces, and lose their DELs.</summary>
internal sealed partial class LeakyNode : IAsyncDisposable
{
    private const int AddsAtOnce = 4;

    private static readonly NetworkConfig Network = new("leaks") { Ipam = """ "ranges": [[{ "subnet": "10.61.0.0/16" }]] """ };

    private readonly string _name;
    private readonly string[] _options;
    private readonly HashSet<NetworkNamespace> _namespaces = [];
    private readonly ConcurrentDictionary<string, string> _addresses = new();
    private readonly List<Loss> _losses = [];
    private readonly HashSet<string> _lost = [];
    private Ipamd _ipamd = null!;
    private AnotherBoot? _boot;
    private int _linesRead, _told, _named;
    private TimeSpan _longAdd;

    private LeakyNode(Site site, string name, TimeSpan grace)
    {
        (Site, _name) = (site, name);
        _options = ["--node", name, "--gc-grace", $"{grace.TotalSeconds:0}"];
    }

    public Site Site { get; }

    /// <summary>The addresses of all who live, by their containers.</summary>
    public IEnumerable<KeyValuePair<string, string>> Living => _addresses.Where(one => !_lost.Contains(one.Key));

    public IReadOnlyList<Loss> Losses => _losses;

    public string Log => _ipamd.Log.Text;

    public static async Task<LeakyNode> StartAsync(string store, string name, TimeSpan grace)
    {
        var node = new LeakyNode(new Site(store: store), name, grace);
        await node.LaunchAsync();
        return node;
    }

    /// <summary>Containers that live, until something happens.</summary>
    public async Task<IReadOnlyList<LeakyContainer>> FillAsync(int count)
    {
        var containers = NetworkNamespace.CreateMany(count).Select(there => new LeakyContainer(NewName(), NewName(), there)).ToList();
        await AddAsync(containers);
        return containers;
    }

    /// <summary>The machine boots: ipamd comes back, and all containers were before that.</summary>
    public async Task RebootAsync()
    {
        var gone = Living.Select(static one => one.Key).ToList();
        await StopAsync();
        _boot = new AnotherBoot(Site);
        Lose(LossKind.Reboot, gone);
        await LaunchAsync();
    }

    /// <summary>The machine is gone for good.</summary>
    public async Task DieAsync()
    {
        await StopAsync();
        Remove([.. _namespaces]);
        Lose(LossKind.NodeLost, [.. Living.Select(static one => one.Key)]);
    }

    /// <summary>Some containers lose their owner in each way.</summary>
    /// <param name="ofEach">How many in one way.</param>
    /// <param name="spread">Over how long that happens.</param>
    public async Task LoseAsync(int ofEach, TimeSpan spread)
    {
        var (whileDown, delLost, replaced, moved) = (await FillAsync(ofEach), await FillAsync(ofEach), await FillAsync(ofEach), await FillAsync(ofEach));
        await StopAsync();
        End(LossKind.WhileDown, whileDown);
        await LaunchAsync();

        var turns = spread == TimeSpan.Zero ? 1 : Math.Min(ofEach, (int)spread.TotalSeconds);
        var start = Stopwatch.GetTimestamp();
        for (var turn = 0; turn < turns; turn++)
        {
            End(LossKind.DelLost, Part(delLost, turn, turns));
            await ReplaceAsync(Part(replaced, turn, turns));
            // A runtime that lost the answer asks again, from a sandbox that it made anew: that is no leak.
            await MoveAsync(Part(moved, turn, turns));
            foreach (var _ in Part(moved, turn, turns))
                KillDuringAdd();
            if (spread * (turn + 1) / turns - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } rest && turn + 1 < turns)
                await Task.Delay(rest);
        }
    }

    /// <summary>Reads which releases were told since.</summary>
    public void ReadLog()
    {
        var news = _ipamd.Log.LinesFrom(_linesRead);
        _linesRead += news.Count;
        foreach (var (at, text) in news)
        {
            if (Release().Match(text) is not { Success: true } release)
                continue;
            _told++;
            var loss = _losses.Find(loss => loss.Container == release.Groups["container"].Value);
            Assert.True(loss is { ToldAt: null }, $"{_name} released what was not lost: {text}");
            loss.ToldAt = at;
        }
    }

    /// <summary>Each release is a line of the log, and counted.</summary>
    public Task EnsureCountedAsync() =>
        // The store has a release a moment before log and metrics do.
        Wait.UntilAsync(
            async () =>
            {
                ReadLog();
                var counted = await CountedAsync("namespace") + await CountedAsync("reboot");
                return await _ipamd.Http.MetricAsync("ipamsuite_leaks") == 0 && _told == counted;
            },
            "log and metrics that tell of the releases");

    public async ValueTask DisposeAsync()
    {
        await _ipamd.DisposeAsync();
        NetworkNamespace.DisposeAll(_namespaces);
        Site.Dispose();
    }

    private async Task<double> CountedAsync(string reason) => await _ipamd.Http.MetricAsync($"ipamsuite_gc_released_total{{reason=\"{reason}\"}}") ?? 0;

    private async Task LaunchAsync()
    {
        (_ipamd, _linesRead, _told) = (await Ipamd.StartAsync(Site, _boot?.Launcher ?? [], _options), 0, 0);
        _boot?.Runs(_ipamd.ProcessId);
    }

    private async Task StopAsync()
    {
        await _ipamd.KillAsync();
        ReadLog();
        await _ipamd.DisposeAsync();
    }

    private void End(LossKind kind, IReadOnlyCollection<LeakyContainer> containers)
    {
        Remove([.. containers.Select(static container => container.There)]);
        Lose(kind, [.. containers.Select(static container => container.Id)]);
    }

    private async Task ReplaceAsync(LeakyContainer[] containers)
    {
        NetworkNamespace.ReplaceAll([.. containers.Select(static container => container.There)]);
        Lose(LossKind.SandboxReplaced, [.. containers.Select(static container => container.Id)]);
        await AddAsync([.. containers.Select(container => container with { Id = NewName() })]);
        PassOn([.. containers.Select(static container => container.Id)]);
    }

    private async Task MoveAsync(LeakyContainer[] containers)
    {
        var elsewhere = NetworkNamespace.CreateMany(containers.Length);
        await AddAsync([.. containers.Zip(elsewhere, static (container, there) => container with { There = there })]);
        Remove([.. containers.Select(static container => container.There)]);
    }

    private void KillDuringAdd()
    {
        var container = new LeakyContainer(NewName(), NewName(), NetworkNamespace.Create());
        CniPlugin.RunAndKill(Plugin, CallOf(container), _longAdd * Random.Shared.NextDouble());
        container.There.Dispose();
        Lose(LossKind.KilledDuringAdd, [container.Id]);
    }

    private async Task AddAsync(IReadOnlyList<LeakyContainer> containers)
    {
        _namespaces.UnionWith(containers.Select(static container => container.There));
        await Workers.ForEachAsync(AddsAtOnce, containers, container =>
        {
            var outcome = CniPlugin.Run(Plugin, CallOf(container)).EnsureSuccess();
            _addresses[container.Id] = outcome.Address;
            // Of the last one: a plugin may be killed at any time of its ADD.
            _longAdd = outcome.Elapsed;
        });
    }

    private void Remove(IReadOnlyCollection<NetworkNamespace> all)
    {
        NetworkNamespace.DisposeAll(all);
        _namespaces.ExceptWith(all);
    }

    private void Lose(LossKind kind, IReadOnlyCollection<string> containers)
    {
        var now = Stopwatch.GetTimestamp();
        _losses.AddRange(containers.Select(container => new Loss(container, kind, now)));
        _lost.UnionWith(containers);
    }

    /// <summary>The sandboxes that came after go on with the addresses: of these no release is told any more.</summary>
    private void PassOn(IReadOnlyCollection<string> containers)
    {
        ReadLog();
        var now = Stopwatch.GetTimestamp();
        foreach (var loss in _losses.Where(loss => containers.Contains(loss.Container)))
            loss.ToldAt ??= now;
    }

    private string Plugin => _boot?.Plugin ?? Repository.Ipam;

    // A container's id is its own in the whole cluster.
    private string NewName() => $"{_name}-{Interlocked.Increment(ref _named)}";

    private CniCall CallOf(LeakyContainer container) => new("ADD")
    {
        ContainerId = container.Id,
        NetNs = container.There.Path,
        Args = $"K8S_POD_NAMESPACE=default;K8S_POD_NAME={container.Pod};K8S_POD_UID=uid-of-{container.Pod}",
        Stdin = Network.Json(Site),
    };

    private static LeakyContainer[] Part(IReadOnlyList<LeakyContainer> containers, int turn, int turns) =>
        [.. containers.Skip(containers.Count * turn / turns).Take((containers.Count * (turn + 1) / turns) - (containers.Count * turn / turns))];

    [GeneratedRegex("is released, its owner [^/ ]+/(?<container>[^/ ]+)/[^ ]+ .*its DEL never came")]
    private static partial Regex Release();
}

/// <summary>A container.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Pod">The name of its pod.</param>
/// <param name="There">Its namespace.</param>
internal sealed record LeakyContainer(string Id, string Pod, NetworkNamespace There);
