using System.Diagnostics;
using EndToEnd.Support;
using EndToEnd.Upgrades;

namespace EndToEnd.Skew;

/// <summary>The plugin of one build with the ipamd of another, both ways round: every verb, what fails, and what is written down for later. Then each takes the other's place under load.</summary>
internal sealed class SkewRun(Build before, Action<string> say)
{
    /// <summary>Runs it; throws if something isn't as it is with a plugin and an ipamd of one build.</summary>
    public async Task RunAsync()
    {
        await PairAsync("the plugin before, this ipamd", before, Build.Published);
        await PairAsync("this plugin, the ipamd before", Build.Published, before);
        foreach (var way in Enum.GetValues<UpgradeWay>())
            await new UpgradeRun(new UpgradeOptions("sqlite", way, 300) { Upgrades = 2, Before = before }, say).RunAsync();
    }

    private async Task PairAsync(string title, Build ofPlugin, Build ofService)
    {
        using var site = new Site();
        using var container = NetworkNamespace.Create();
        var pair = new Pair(site, ofPlugin, ofService, container.Path);
        var ipamd = await pair.StartAsync();
        try
        {
            foreach (var version in (string[])["0.3.1", "0.4.0", "1.0.0", "1.1.0"])
                pair.AddCheckDelete(version);
            pair.Requested();
            pair.Refused();
            pair.CollectByList();
            await ipamd.StopAsync();
            pair.WithoutService();
            await ipamd.DisposeAsync();
            var late = pair.AddLater();
            ipamd = await pair.StartAsync();
            (await late).EnsureSuccess();
            await Wait.UntilAsync(() => pair.Held().SequenceEqual(["late"]), "that a release that was written down is carried out");
        }
        finally
        {
            await ipamd.DisposeAsync();
        }
        say($"{title}: {pair.Calls} calls are answered as they should be");
    }

    private sealed class Pair(Site site, Build ofPlugin, Build ofService, string netNs)
    {
        private static readonly NetworkConfig Network = new("skew") { Ipam = NetworkConfig.Dual };

        private int _calls;

        public int Calls => _calls;

        public async Task<Ipamd> StartAsync()
        {
            var ipamd = Ipamd.Launch(site, new ProcessStartInfo(ofService.Ipamd, Ipamd.StandardOptions(site)));
            await ipamd.Log.WaitForAsync("store opened");
            return ipamd;
        }

        public string[] Held() =>
            [.. Ipamctl.Leases(site, ofService).Select(static lease => lease.ContainerId).Distinct()];

        public void AddCheckDelete(string version)
        {
            var network = Network with { Version = version };
            var added = Call("ADD", network).EnsureSuccess();
            Assert.Equal(version, JsonText.Parse(added.Stdout).GetProperty("cniVersion").GetString());
            Assert.Equal(2, added.Addresses.Count);
            Assert.Equal(added.Addresses, Call("ADD", network).EnsureSuccess().Addresses);
            var result = network with { Runtime = $"\"prevResult\": {added.Stdout}" };
            if (version != "0.3.1")
                Call("CHECK", result).EnsureSuccess();
            Assert.Equal(["c1"], Held());
            Call("DEL", network).EnsureSuccess();
            Call("DEL", network).EnsureSuccess();
            Assert.Empty(Held());
            if (version != "0.3.1")
                Assert.NotEqual(0, Call("CHECK", result).ExitCode);
        }

        public void Requested()
        {
            Assert.Contains("10.1.0.77", Call("ADD", Network, args: "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=uid;IP=10.1.0.77").EnsureSuccess().Addresses);
            Call("ADD", Network, "other", "IP=10.1.0.77").EnsureError(101);
            Call("DEL", Network).EnsureSuccess();
        }

        public void Refused()
        {
            Call("STATUS", Network).EnsureSuccess();
            var small = Network with { Ipam = """ "ranges": [[{ "subnet": "10.1.4.0/30" }]] """ };
            Call("ADD", small).EnsureSuccess();
            Call("ADD", small, "other").EnsureError(100);
            Call("DEL", small).EnsureSuccess();
            Call("ADD", Network with { Ipam = """ "subnt": "10.1.0.0/24" """ }).EnsureError(7);
        }

        public void CollectByList()
        {
            Call("ADD", Network, "valid").EnsureSuccess();
            Call("ADD", Network, "stale").EnsureSuccess();
            Call("GC", Network with { Runtime = """ "cni.dev/valid-attachments": [{ "containerID": "valid", "ifname": "eth0" }] """ }).EnsureSuccess();
            Assert.Equal(["valid"], Held());
        }

        public void WithoutService()
        {
            Call("STATUS", Network).EnsureError(50);
            Call("ADD", Network, "early").EnsureError(11);
            Call("DEL", Network, "valid").EnsureSuccess();
            Assert.Single(Directory.GetFiles(site.Spool, "*.json"));
        }

        /// <summary>An ADD that waits for ipamd.</summary>
        public Task<CniOutcome> AddLater() => Task.Run(() => Call("ADD", Network with { Wait = 15 }, "late"));

        private CniOutcome Call(string verb, NetworkConfig network, string container = "c1", string? args = null)
        {
            Interlocked.Increment(ref _calls);
            return CniPlugin.Run(ofPlugin.Plugin, new CniCall(verb) { ContainerId = container, NetNs = netNs, Args = args, Stdin = network.Json(site) });
        }
    }
}
