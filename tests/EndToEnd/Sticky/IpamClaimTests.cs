using EndToEnd.Pools;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.Sticky;

/// <summary>Addresses that belong to IPAMClaims, as pods of Multus and KubeVirt name them.</summary>
[Collection(ClusterCollection.Name)]
public sealed class IpamClaimTests(ClusterFixture cluster)
{
    private const string Machine = """ "labels": { "vm.kubevirt.io/name": "db" }, """;

    [StoreFact("kubernetes")]
    public async Task A_claim_has_its_addresses_over_pods_and_nodes_until_it_is_deleted()
    {
        var (network, claims) = await BeginAsync("claim-a", 91);
        await using var other = await cluster.JoinAsync("elsewhere");
        await claims.CreateAsync("db.blue", network.Name, "");
        await claims.CreateAsync("stays", network.Name, "");
        Add(cluster.Site, network, "a-0", await PodAsync("claim-a", "virt-0", "stays")).EnsureSuccess();
        Del(cluster.Site, network, "a-0");
        await cluster.DeletePodAsync("claim-a", "virt-0");

        var first = Add(cluster.Site, network, "a-1", await PodAsync("claim-a", "virt-1", "db.blue"));
        Assert.Equal(2, first.Addresses.Count);
        var has = string.Join(' ', first.Addresses.Zip([24, 64], static (address, length) => $"{address}/{length}"));
        Assert.Equal($"{has} of virt-1, True SuccessfulAllocation", await claims.StatusAsync("db.blue"));

        // Another pod with the claim waits for the first one to be gone.
        var early = Add(other.Site, network, "a-2", await PodAsync("claim-a", "virt-2", "db.blue")).EnsureError(11);
        Assert.EndsWith("and claim-a/virt-1 on node here still has it: the cluster has the pod claim-a/virt-1", early.Message, StringComparison.Ordinal);
        Assert.Equal($"{has} of virt-1, True SuccessfulAllocation", await claims.StatusAsync("db.blue"));

        Del(cluster.Site, network, "a-1");
        await cluster.DeletePodAsync("claim-a", "virt-1");
        await StatusIsAsync(claims, "db.blue", $"{has} of nobody, True SuccessfulAllocation");
        Assert.DoesNotContain(Add(cluster.Site, network, "a-3", await PodAsync("claim-a", "stranger", null)).Addresses, first.Addresses.Contains);
        var explained = Ipamctl.TryRun(cluster.Site, "explain", "--pod", "claim-a/virt-2", "--config", cluster.Site.Write("claim-a.conf", network.Json(cluster.Site)));
        Assert.Contains($"ADD NOW        {string.Join(" and ", first.Addresses)}, kept for IPAMClaim/claim-a/db.blue/", explained.Stdout, StringComparison.Ordinal);
        Assert.Equal(first.Addresses, Add(other.Site, network, "a-2", await PodAsync("claim-a", "virt-3", "db.blue")).Addresses);
        Assert.Equal($"{has} of virt-3, True SuccessfulAllocation", await claims.StatusAsync("db.blue"));
        Del(other.Site, network, "a-2");
        await cluster.DeletePodAsync("claim-a", "virt-3");
        await StatusIsAsync(claims, "db.blue", $"{has} of nobody, True SuccessfulAllocation");

        // One that is made anew has nothing of the former one.
        await claims.DeleteAsync("db.blue");
        await claims.CreateAsync("db.blue", network.Name, "net1");
        Assert.DoesNotContain(Add(other.Site, network, "a-4", await PodAsync("claim-a", "virt-4", "db.blue")).Addresses, first.Addresses.Contains);
        var collected = Ipamctl.TryRun(cluster.Site, TimeSpan.FromMinutes(1), "gc", "--grace", "1");
        Assert.True(collected.ExitCode == 0 && Kept("claim-a") == 2, collected.ToString());
    }

    [StoreFact("kubernetes")]
    public async Task A_machine_that_moves_takes_its_claim_along_with_both_pods_alive()
    {
        var (network, claims) = await BeginAsync("claim-b", 92);
        await using var there = await cluster.JoinAsync("target");
        await claims.CreateAsync("db.blue", network.Name, "net1");
        var source = Add(cluster.Site, network, "b-1", await PodAsync("claim-b", "virt-1", "db.blue", Machine));
        var has = string.Join(' ', source.Addresses.Zip([24, 64], static (address, length) => $"{address}/{length}"));

        // A pod that isn't the machine's has to wait, whatever it says.
        Add(there.Site, network, "b-0", await PodAsync("claim-b", "thief", "db.blue")).EnsureError(11);
        Add(there.Site, network, "b-0", await PodAsync("claim-b", "other", "db.blue", """ "labels": { "vm.kubevirt.io/name": "db2" }, """)).EnsureError(11);

        Assert.Equal(source.Addresses, Add(there.Site, network, "b-2", await PodAsync("claim-b", "virt-2", "db.blue", Machine)).Addresses);
        Assert.Equal($"{has} of virt-2, True SuccessfulAllocation", await claims.StatusAsync("db.blue"));
        var later = network with { Runtime = $$"""{{network.Runtime}}, "prevResult": { "cniVersion": "1.1.0", "ips": [{{string.Join(", ", has.Split(' ').Select(static ip => $$"""{ "address": "{{ip}}" }"""))}}] } """ };
        Call("CHECK", cluster.Site, later, "b-1", Args("claim-b", "virt-1")).EnsureSuccess();
        Call("CHECK", there.Site, later, "b-2", Args("claim-b", "virt-2")).EnsureSuccess();
        Del(cluster.Site, network, "b-1");
        Assert.Equal(0, Kept("claim-b"));
        // Only what came after says that nobody wrote meanwhile: the turn of a second has passed.
        await claims.CreateAsync("after", network.Name, "net1");
        Add(cluster.Site, network, "b-3", await PodAsync("claim-b", "after", "after")).EnsureSuccess();
        Del(cluster.Site, network, "b-3");
        await Wait.UntilAsync(async () => (await claims.StatusAsync("after")).Contains(" of nobody", StringComparison.Ordinal), "a turn");
        Assert.Equal($"{has} of virt-2, True SuccessfulAllocation", await claims.StatusAsync("db.blue"));
    }

    [StoreFact("kubernetes")]
    public async Task What_a_claim_requests_it_gets_or_the_pod_learns_who_has_it()
    {
        var (network, claims) = await BeginAsync("claim-c", 93);
        await claims.CreateAsync("v4", network.Name, "net1", "10.93.0.77/24");
        await claims.CreateAsync("dual", network.Name, "net1", "fd00:93::77/64", "10.93.0.78/24");
        await claims.CreateAsync("again", network.Name, "net1", "10.93.0.77/24");
        await claims.CreateAsync("outside", network.Name, "net1", "10.99.0.1/24");

        Assert.Equal("10.93.0.77", Add(cluster.Site, network, "c-1", await PodAsync("claim-c", "one", "v4")).Addresses[0]);
        Assert.Equal(["10.93.0.78", "fd00:93::77"], Add(cluster.Site, network, "c-2", await PodAsync("claim-c", "two", "dual")).Addresses);
        Assert.Equal("10.93.0.78/24 fd00:93::77/64 of two, True SuccessfulAllocation", await claims.StatusAsync("dual"));

        var again = await PodAsync("claim-c", "again", "again");
        Assert.Equal("requested IP address 10.93.0.77 is held by claim-c/c-1/net1", Add(cluster.Site, network, "c-3", again).EnsureError(101).Message);
        Assert.Equal(" of nobody, False IPAddressConflict", await claims.StatusAsync("again"));
        Del(cluster.Site, network, "c-1");
        Assert.StartsWith("requested IP address 10.93.0.77 is held by sticky:claim-c/IPAMClaim/claim-c/v4/", Add(cluster.Site, network, "c-3", again).EnsureError(101).Message, StringComparison.Ordinal);
        Assert.Contains("is in no configured range", Add(cluster.Site, network, "c-4", await PodAsync("claim-c", "outside", "outside")).EnsureError(101).Message, StringComparison.Ordinal);

        await claims.DeleteAsync("v4");
        await cluster.DeletePodAsync("claim-c", "one");
        Assert.Equal(0, Ipamctl.TryRun(cluster.Site, TimeSpan.FromMinutes(1), "gc", "--grace", "1").ExitCode);
        Assert.Equal("10.93.0.77", Add(cluster.Site, network, "c-3", again).Addresses[0]);
        Assert.StartsWith("10.93.0.77/24 fd00:93::", await claims.StatusAsync("again"), StringComparison.Ordinal);
        Assert.EndsWith(" of again, True SuccessfulAllocation", await claims.StatusAsync("again"), StringComparison.Ordinal);
        Del(cluster.Site, network, "c-2");
        Assert.Equal(["10.93.0.78", "fd00:93::77"], Add(cluster.Site, network, "c-5", await PodAsync("claim-c", "three", "dual")).Addresses);

        // An exhausted network says so in the claim, too.
        var full = network with { Ipam = """ "ranges": [[{ "subnet": "10.93.0.0/24", "rangeStart": "10.93.0.77", "rangeEnd": "10.93.0.77" }]] """ };
        await claims.CreateAsync("late", network.Name, "net1");
        Add(cluster.Site, full, "c-6", await PodAsync("claim-c", "late", "late")).EnsureError(100);
        Assert.Equal(" of nobody, False SubnetExhausted", await claims.StatusAsync("late"));
    }

    [StoreFact("kubernetes")]
    public async Task What_a_pod_names_in_vain_is_an_error_and_nobody_gets_an_address_of_his_own_instead()
    {
        var (network, claims) = await BeginAsync("claim-d", 94);
        await claims.CreateAsync("red", "red", "net1");
        await claims.CreateAsync("second", network.Name, "net2");

        foreach (var (pod, claim, code, message) in ((string, string, int, string)[])
        [
            ("missing", "none", 11, "there is no IPAMClaim claim-d/none, which pod claim-d/missing names for network claim-d, interface net1"),
            ("network", "red", 101, "IPAMClaim claim-d/red is for network red, interface net1, and pod claim-d/network names it for network claim-d, interface net1"),
            ("interface", "second", 101, "IPAMClaim claim-d/second is for network claim-d, interface net2, and pod claim-d/interface names it for network claim-d, interface net1"),
            ("path", "../pods/x", 101, "the annotation k8s.v1.cni.cncf.io/networks of pod claim-d/path has the ipam-claim-reference \"../pods/x\", wanted are 1 to 253 letters, digits, '-', '_' and '.'"),
        ])
            Assert.Equal(message, Add(cluster.Site, network, pod, await PodAsync("claim-d", pod, claim)).EnsureError(code).Message);
        var broken = await cluster.CreatePodAsync("claim-d", "broken", """ "annotations": { "k8s.v1.cni.cncf.io/networks": "[{" } """);
        Assert.StartsWith("the annotation k8s.v1.cni.cncf.io/networks of pod claim-d/broken can't be read: ", Add(cluster.Site, network, "broken", broken).EnsureError(101).Message, StringComparison.Ordinal);
        Assert.Empty(Ipamctl.Addresses(cluster.Site, network));

        // It is made after its pod.
        await claims.CreateAsync("none", network.Name, "net1");
        Add(cluster.Site, network, "missing", Args("claim-d", "missing")).EnsureSuccess();
        Assert.Contains(" of missing, True ", await claims.StatusAsync("none"), StringComparison.Ordinal);
        // Another interface of the pod has none, and where the configuration doesn't allow claims nobody looks.
        Call("ADD", cluster.Site, network, "missing", Args("claim-d", "missing"), "net2").EnsureSuccess();
        var deaf = network with { Name = "claim-deaf", Runtime = "" };
        Add(cluster.Site, deaf, "deaf", await PodAsync("claim-d", "deaf", "red")).EnsureSuccess();
        Del(cluster.Site, deaf, "deaf");
        Assert.Equal("nothing", await claims.StatusAsync("red"));
    }

    private static string Args(string space, string pod) => $"IgnoreUnknown=1;K8S_POD_NAMESPACE={space};K8S_POD_NAME={pod}";

    private static CniOutcome Add(Site site, NetworkConfig network, string container, string args) => Call("ADD", site, network, container, args);

    private static void Del(Site site, NetworkConfig network, string container) => Call("DEL", site, network, container, "").EnsureSuccess();

    private static CniOutcome Call(string verb, Site site, NetworkConfig network, string container, string args, string interfaceName = "net1") =>
        CniPlugin.Run(new CniCall(verb) { ContainerId = container, IfName = interfaceName, Args = args, Stdin = network.Json(site) });

    private static Task StatusIsAsync(IpamClaims claims, string name, string expected) => Wait.UntilAsync(async () => await claims.StatusAsync(name) == expected, expected);

    private int Kept(string network) => Ipamctl.Leases(cluster.Site).Count(lease => lease.Network == $"sticky:{network}");

    /// <summary>A pod whose first network is another one's, as far as its name says, with a claim of this name or none.</summary>
    private Task<string> PodAsync(string space, string name, string? claim, string metadata = "") => cluster.CreatePodAsync(
        space, name, $$"""{{metadata}} "annotations": { "k8s.v1.cni.cncf.io/networks": "[{\"name\": \"nad\", \"namespace\": \"lab\"{{(claim is null ? "" : $", \\\"ipam-claim-reference\\\": \\\"{claim}\\\"")}}}]" } """);

    private async Task<(NetworkConfig Network, IpamClaims Claims)> BeginAsync(string name, int second)
    {
        await IpamClaims.DefineAsync(cluster.Admin);
        await cluster.CreateNamespaceAsync(name, """ "labels": {} """);
        var network = new NetworkConfig(name)
        {
            Space = name,
            Ipam = $$""" "ranges": [[{ "subnet": "10.{{second}}.0.0/24" }], [{ "subnet": "fd00:{{second}}::/64" }]] """,
            Runtime = """ "allowPersistentIPs": true """,
        };
        return (network, new IpamClaims(cluster.Admin, name));
    }
}
