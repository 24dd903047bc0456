using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;
using Testing.Servers;

namespace Ipam.Cli.Tests.Leases;

public sealed class LeaseReleaseManyTests : CatalogTest
{
    private static readonly Lease One = Some.Lease("10.0.0.1", pod: Some.Pod("web-0"));
    private static readonly Lease Two = Some.Lease("10.0.0.2", node: "node-b", pod: Some.Pod("web-1"));
    private static readonly Lease Three = Some.Lease("10.0.1.3", pod: Some.Pod("job", "jobs"));
    private static readonly Lease Old = Some.Lease("10.0.2.4", network: "old") with { AcquiredAt = Some.Noon.AddDays(-8) };

    [Theory]
    [InlineData("10.0.0.1 10.0.1.3", "10.0.0.2 10.0.2.4")]
    [InlineData("--node node-b", "10.0.0.1 10.0.1.3 10.0.2.4")]
    [InlineData("-n shop", "10.0.1.3 10.0.2.4")]
    [InlineData("--pod shop/web-0", "10.0.0.2 10.0.1.3 10.0.2.4")]
    [InlineData("--older-than 7d", "10.0.0.1 10.0.0.2 10.0.1.3")]
    [InlineData("--pool blue", "10.0.0.1 10.0.1.3 10.0.2.4")]
    [InlineData("--network pods --node node-a", "10.0.0.2 10.0.2.4")]
    [InlineData("10.0.0.1 10.0.0.2 --node node-b", "10.0.0.1 10.0.1.3 10.0.2.4")]
    [InlineData("-", "10.0.0.1 10.0.2.4")]
    public async Task It_releases_what_is_named_and_nothing_else(string arguments, string left)
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/24");
        await GiveAsync(One, Two, Three, Old);
        Input = "# address\n10.0.0.2  default  pods\n\n10.0.1.3\n";

        var outcome = await RunAsync(["lease", "release", "--yes", .. arguments.Split(' ')]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^leases? released: \d\n$|^leases released: \d\n$", outcome.Output);
        Assert.Equal(left, string.Join(' ', (await LeasesAsync()).Select(static lease => lease.Address.ToString())));
    }

    [Fact]
    public async Task A_dry_run_names_them_all()
    {
        await GiveAsync(One, Two, Three);

        var outcome = await RunAsync("lease", "release", "-n", "shop", "--dry-run");

        Assert.Equal((0, "would release 10.0.0.1 in space default\nwould release 10.0.0.2 in space default\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal([One, Two, Three], await LeasesAsync());
    }

    [Fact]
    public async Task It_asks_once_for_all()
    {
        await GiveAsync(One, Two, Three);
        var asked = 0;
        Answer = () => ++asked == 1 ? "n" : throw new InvalidOperationException("it asks again");

        var outcome = await RunAsync("lease", "release", "10.0.0.1", "10.0.0.2");

        Assert.Equal((4, 1), (outcome.ExitCode, asked));
        Assert.Matches("ADDRESS +SPACE(.*\n)10.0.0.1 (.*\n)10.0.0.2 (.*\n)Containers that still use .* Release 2 leases\\? \\[y/N\\] ", outcome.Error);
        Assert.Equal(3, (await LeasesAsync()).Count);
    }

    [Fact]
    public async Task Leases_that_change_meanwhile_stay_and_the_exit_code_says_so()
    {
        var newer = One with { Sequence = One.Sequence + 1 };
        await GiveAsync(One, Two, Three);
        Answer = () =>
        {
            ChangeAsync(added: [newer], removed: [One, Three]).Wait();
            return "y";
        };

        var outcome = await RunAsync("lease", "release", "10.0.0.1", "10.0.0.2", "10.0.1.3", "10.0.9.9");

        Assert.Equal((9, "leases released: 1, released by others meanwhile: 1, handed out anew meanwhile and left alone: 1\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains("not held, or not as asked for, and passed over: 1 of the addresses", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([newer], await LeasesAsync());
    }

    [Fact]
    public async Task A_store_that_fails_leaves_the_rest_for_the_next_run()
    {
        await GiveAsync(One, Two, Three);
        var commits = 0;
        var plain = CreateStore;
        CreateStore = url => new MeddlingStore(plain(url), () => ++commits == 2 ? throw new StoreException("the disk is on fire.") : Task.CompletedTask);

        var outcome = await RunAsync("lease", "release", "10.0.0.1", "10.0.0.2", "--yes");

        Assert.Equal(1, outcome.ExitCode);
        Assert.EndsWith("ipamctl: the disk is on fire. Not all is done, leases released: 1. Run it again: it goes on.\n", outcome.Error, StringComparison.Ordinal);
        CreateStore = plain;
        Assert.Equal(0, (await RunAsync("lease", "release", "10.0.0.1", "10.0.0.2", "--yes")).ExitCode);
        Assert.Equal([Three], await LeasesAsync());
    }

    [Theory]
    [InlineData(2, "Which leases is not said")]
    [InlineData(2, "'lease list 10.0.0.0/24 -o name' prints", "10.0.0.0/24")]
    [InlineData(2, "line 1 of the input begins with 'web-0', wanted is an address", "-")]
    [InlineData(3, "no lease is as asked for", "--namespace", "bank")]
    [InlineData(3, "there is no node 'node-x' in", "--node", "node-x")]
    [InlineData(3, "there is no pool 'red'", "--pool", "red")]
    public async Task What_cant_be_released_says_why(int exitCode, string message, params string[] arguments)
    {
        await GiveAsync(One);
        Input = "web-0\n";

        var outcome = await RunAsync(["lease", "release", "--yes", .. arguments]);

        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(message.Replace("'lease list", "'ipamctl lease list", StringComparison.Ordinal), outcome.Error, StringComparison.Ordinal);
    }
}

/// <summary>Whose pod the cluster has keeps its address.</summary>
[NeedsControlPlane]
public sealed class LeaseReleaseOnKubernetesTests(ControlPlane plane) : CommandTest, IClassFixture<ControlPlane>
{
    [ServerFact]
    public async Task Leases_of_pods_that_live_stay_unless_forced()
    {
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/namespaces/default/pods", """{"metadata":{"name":"alive"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        StoreUrl = $"kubernetes:{plane.Kubeconfig()}";
        CreateStore = static url => StoreFactory.Create(url, TimeProvider.System);
        await using var store = CreateStore(StoreUrl);
        await store.OpenAsync(default);
        var alive = Some.Lease("10.0.0.1", pod: new PodReference("default", "alive", ""));
        var gone = Some.Lease("10.0.0.2", pod: new PodReference("default", "gone", ""));
        await store.ChangeAsync(added: [alive, gone], removed: []);

        var single = await RunAsync("lease", "release", "10.0.0.1", "--yes");
        Assert.Equal((4, ""), (single.ExitCode, single.Output));
        Assert.EndsWith("not released: the cluster has the pod default/alive. If its container is gone for certain, --force releases it all the same.\n", single.Error, StringComparison.Ordinal);
        var many = await RunAsync("lease", "release", "-n", "default", "--yes");
        Assert.Equal((9, "leases released: 1, left alone as their owners live: 1\n"), (many.ExitCode, many.Output));
        Assert.Contains("10.0.0.1 in space default stays: the cluster has the pod default/alive", many.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await RunAsync("lease", "release", "-n", "default", "--yes")).ExitCode);
        Assert.Equal("10.0.0.1", Assert.Single(await store.LeasesAsync()).Address.ToString());
        Assert.Equal(0, (await RunAsync("lease", "release", "-n", "default", "--yes", "--force")).ExitCode);
        Assert.Empty(await store.LeasesAsync());
    }
}
