using System.Diagnostics;
using System.Globalization;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Leaks;

/// <summary>Containers in real namespaces lose their DEL in every way there is: their leases go within their time, and nobody else's ever do.</summary>
public sealed class LeakTests
{
    /// <summary>Containers of a node that lose their DEL in one way; LEAKS says another number.</summary>
    private static readonly int OfEach =
        int.TryParse(Environment.GetEnvironmentVariable("LEAKS"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 2;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>With the default grace period of 30 s this is the minute that is promised.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60) - TimeSpan.FromSeconds(30) + Grace;

    private static readonly NetworkConfig Network = new("leaks") { Ipam = """ "ranges": [[{ "subnet": "10.61.0.0/16" }]] """ };

    [Theory]
    [StoreData("sqlite")]
    [StoreData("redis")]
    [StoreData("kubernetes")]
    public async Task Leaks_go_within_their_time_and_the_living_keep_their_addresses(string kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        var nodes = new List<LeakyNode>();
        try
        {
            for (var i = 0; i < (kind == "sqlite" ? 1 : 2); i++)
                nodes.Add(await LeakyNode.StartAsync(server.Url(), $"node{i}", Grace, OfEach));
            foreach (var node in nodes)
                await node.LoseAsync();

            var site = nodes[0].Site;
            var lost = Stopwatch.GetTimestamp();
            var living = nodes.SelectMany(static node => node.Living).Order(StringComparer.Ordinal).ToArray();
            await Wait.UntilAsync(() => Task.FromResult(Held(site).Length == living.Length), "that only the living hold addresses");
            var took = Stopwatch.GetElapsedTime(lost);

            Assert.True(took < Bound, $"the last leak went after {took}, and at most {Bound} is promised");
            Assert.True(living.SequenceEqual(Held(site)), $"held are {string.Join(' ', Held(site))}, and alive {string.Join(' ', living)}\n{string.Join('\n', nodes.Select(static node => node.Log))}");
            foreach (var node in nodes)
                await node.EnsureToldAsync();
            // A pass later still nobody has lost anything.
            await Task.Delay(Grace + TimeSpan.FromSeconds(1));
            Assert.Equal(living, Held(site));
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    private static string[] Held(Site site) => [.. Ipamctl.Leases(site).Select(static lease => $"{lease.Node}/{lease.ContainerId}").Order(StringComparer.Ordinal)];

    /// <summary>A node whose containers live in real namespaces.</summary>
    private sealed class LeakyNode : IAsyncDisposable
    {
        private readonly string _name;
        private readonly string[] _options;
        private readonly List<NetworkNamespace> _namespaces = [];
        private readonly List<string> _living = [];
        private Ipamd _ipamd;
        private int _lost, _toldBefore;

        private LeakyNode(Ipamd ipamd, string name, string[] options, int ofEach) => (_ipamd, _name, _options, OfEach) = (ipamd, name, options, ofEach);

        private int OfEach { get; }

        public Site Site => _ipamd.Site;

        /// <summary>Node and container of all who live.</summary>
        public IEnumerable<string> Living => _living.Select(container => $"{_name}/{_name}-{container}");

        public static async Task<LeakyNode> StartAsync(string store, string name, TimeSpan grace, int ofEach)
        {
            string[] options = ["--node", name, "--gc-grace", $"{grace.TotalSeconds}"];
            return new LeakyNode(await Ipamd.StartAsync(new Site(store: store), options), name, options, ofEach);
        }

        /// <summary>Makes containers, and loses some.</summary>
        public async Task LoseAsync()
        {
            for (var i = 0; i < OfEach; i++)
            {
                Live($"lives{i}");
                // Whether or not the killed ADD took an address, nobody will ever send a DEL.
                KillDuringAdd($"killed{i}");
                Add($"lost{i}", Create()).Dispose();
                _lost++;

                // The sandbox is made anew: at the same path, or by a repeated ADD.
                var replaced = Add($"former{i}", Create());
                replaced.Replace();
                _lost++;
                Live($"latter{i}", replaced);
                var moved = Add($"moves{i}", Create());
                Live($"moves{i}");
                moved.Dispose();
            }
            var whileDown = Enumerable.Range(0, OfEach).Select(i => Add($"down{i}", Create())).ToList();
            _lost += OfEach;
            await _ipamd.KillAsync();
            _toldBefore = Told;
            await _ipamd.DisposeAsync();
            whileDown.ForEach(static container => container.Dispose());
            _ipamd = await Ipamd.StartAsync(Site, _options);
        }

        /// <summary>Each release is a line of the log.</summary>
        public async Task EnsureToldAsync()
        {
            // The store has a release a moment before log and metrics do.
            await Wait.UntilAsync(
                async () => await _ipamd.Http.MetricAsync("ipamsuite_leaks") == 0
                    && Told == await _ipamd.Http.MetricAsync("ipamsuite_gc_released_total{reason=\"namespace\"}"),
                "log and metrics that tell of the releases");
            Assert.InRange(_toldBefore + Told, _lost, _lost + OfEach);
        }

        public string Log => _ipamd.Log.Text;

        private int Told => _ipamd.Log.Text.Split('\n').Count(static line => line.Contains("is gone and its DEL never came", StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            await _ipamd.DisposeAsync();
            _namespaces.ForEach(static container => container.Dispose());
            Site.Dispose();
        }

        private static NetworkNamespace Create() => NetworkNamespace.Create();

        private void Live(string container, NetworkNamespace? there = null)
        {
            _namespaces.Add(Add(container, there ?? Create()));
            _living.Add(container);
        }

        private NetworkNamespace Add(string container, NetworkNamespace there)
        {
            CniPlugin.Run(Call(container, there)).EnsureSuccess();
            return there;
        }

        private void KillDuringAdd(string container)
        {
            using var there = Create();
            var call = Call(container, there);
            var start = call.StartOf(Repository.Ipam);
            start.RedirectStandardInput = start.RedirectStandardOutput = true;
            using var plugin = Process.Start(start)!;
            plugin.StandardInput.Write(call.Stdin);
            plugin.StandardInput.Close();
            Thread.Sleep(Random.Shared.Next(4));
            plugin.Kill();
            plugin.WaitForExit();
        }

        // A container's id is its own in the whole cluster.
        private CniCall Call(string container, NetworkNamespace there) => new("ADD") { ContainerId = $"{_name}-{container}", NetNs = there.Path, Stdin = Network.Json(Site) };
    }
}
