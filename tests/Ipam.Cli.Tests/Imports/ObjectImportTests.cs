using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Tests.Imports;

/// <summary>What other IPAMs keep in objects, as their definitions write them.</summary>
public sealed class ObjectImportTests : CatalogTest
{
    [Fact]
    public async Task Of_Whereabouts_each_address_of_a_pool_is_taken_over_and_what_only_a_reservation_has()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.60.0.0/24", "--range", "2001:db8::/64");
        var file = Write("objects.yaml", """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: whereabouts.cni.cncf.io/v1alpha1
              kind: IPPool
              metadata: {name: 10.60.0.0-24, namespace: kube-system}
              spec:
                range: 10.60.0.0/24
                allocations:
                  "5": {id: c1, podref: shop/web-0, ifname: net1}
                  "6": {id: c2, podref: shop/web-1, ifname: net1}
            - apiVersion: whereabouts.cni.cncf.io/v1alpha1
              kind: IPPool
              metadata: {name: 2001-db8---64, namespace: kube-system}
              spec:
                range: "2001:db8::/64"
                allocations: {"7": {id: c1, podref: shop/web-0, ifname: net1}}
            - apiVersion: whereabouts.cni.cncf.io/v1alpha1
              kind: OverlappingRangeIPReservation
              metadata: {name: 10.60.0.5, namespace: kube-system}
              spec: {podref: shop/web-0, ifname: net1}
            - apiVersion: whereabouts.cni.cncf.io/v1alpha1
              kind: OverlappingRangeIPReservation
              metadata: {name: tenant-10.60.0.9, namespace: kube-system}
              spec: {podref: shop/web-9, ifname: net1}
            - apiVersion: whereabouts.cni.cncf.io/v1alpha1
              kind: OverlappingRangeIPReservation
              metadata: {name: 2001-db8--9-0, namespace: kube-system}
              spec: {podref: shop/web-9, ifname: net1}
            ---
            apiVersion: whereabouts.cni.cncf.io/v1alpha1
            kind: NodeSlicePool
            metadata: {name: 10.60.0.0-24, namespace: kube-system}
            spec: {range: 10.60.0.0/24, sliceSize: /28}
            status:
              allocations: [{nodeName: worker-1, sliceRange: 10.60.0.0/30}, {nodeName: worker-2, sliceRange: 10.60.0.4/30}]
            """);

        var outcome = await RunAsync("import", "whereabouts", "-f", file, "--network", "macvlan", "-o", "csv");

        Assert.Equal(
            $"""
            ADDRESS,STATE,NETWORK,OWNER,POD,NODE,FOUND IN,BECAUSE
            10.60.0.5,taken,10.60.0.0-24,macvlan/c1/net1,shop/web-0,worker-2,{file}: IPPool kube-system/10.60.0.0-24 [5],
            10.60.0.6,taken,10.60.0.0-24,macvlan/c2/net1,shop/web-1,worker-2,{file}: IPPool kube-system/10.60.0.0-24 [6],
            2001:db8::7,taken,2001-db8---64,macvlan/c1/net1,shop/web-0,unknown,{file}: IPPool kube-system/2001-db8---64 [7],
            10.60.0.9,taken,reservations,imported:whereabouts/pod:shop/web-9/net1,shop/web-9,unknown,{file}: OverlappingRangeIPReservation kube-system/tenant-10.60.0.9,
            2001:db8::9:0,taken,reservations,imported:whereabouts/pod:shop/web-9/net1,shop/web-9,unknown,{file}: OverlappingRangeIPReservation kube-system/2001-db8--9-0,

            """.Replace("\n", "\r\n", StringComparison.Ordinal), outcome.Output);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([0, 0, 0, 1, 1], (await LeasesAsync()).Select(static lease => lease.Entry));
    }

    [Fact]
    public async Task Of_Calico_each_address_of_a_block_that_is_not_released_is_taken_over()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.61.0.0/16");
        Input = """
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "crd.projectcalico.org/v1", "kind": "IPAMBlock", "metadata": {"name": "10-61-0-64-26"}, "spec": {
                "cidr": "10.61.0.64/26", "affinity": "host:worker-1", "strictAffinity": false, "deleted": false, "sequenceNumber": 7,
                "allocations": [null, 0, null, 1, 2, 0, null], "unallocated": [0, 2, 6],
                "attributes": [
                  {"handle_id": "k8s-pod-network.c1", "secondary": {"namespace": "shop", "node": "worker-3", "pod": "web-0", "timestamp": "2026-03-04 12:00:00 +0000 UTC"}},
                  {"handle_id": "ipip-tunnel-addr-worker-1", "secondary": {"node": "worker-1", "type": "ipipTunnelAddress"}},
                  {"handle_id": "k8s-pod-network.c9", "releasedAt": "2026-03-04T12:00:00Z", "secondary": {"namespace": "shop", "pod": "gone"}}]}},
              {"apiVersion": "crd.projectcalico.org/v1", "kind": "IPAMHandle", "metadata": {"name": "k8s-pod-network.c1"}, "spec": {
                "handleID": "k8s-pod-network.c1", "deleted": false, "block": {"10.61.0.64/26": 2}}}]}
            """;

        var outcome = await RunAsync("import", "calico", "-f", "-", "-o", "csv");

        Assert.Equal(
            """
            ADDRESS,STATE,NETWORK,OWNER,POD,NODE,FOUND IN,BECAUSE
            10.61.0.65,taken,calico,k8s-pod-network/c1/eth0,shop/web-0,worker-3,IPAMBlock 10-61-0-64-26 [1],
            10.61.0.67,taken,calico,imported:calico/ipip-tunnel-addr-worker-1/,,worker-1,IPAMBlock 10-61-0-64-26 [3],
            10.61.0.69,taken,calico,k8s-pod-network/c1/eth0,shop/web-0,worker-3,IPAMBlock 10-61-0-64-26 [5],

            """.Replace("\n", "\r\n", StringComparison.Ordinal), outcome.Output);
        Assert.Equal((0, "ipamctl: network calico: taken: 3\n"), (outcome.ExitCode, outcome.Error));

        Input = Input.Replace("\"10.61.0.64/26\": 2", "\"10.61.1.0/26\": 1", StringComparison.Ordinal);
        var missing = await RunAsync("import", "calico", "-f", "-", "-o", "csv");
        Assert.Equal(4, missing.ExitCode);
        Assert.Contains("it has addresses in the block 10.61.1.0/26, of which there is no IPAMBlock: was everything exported?", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_Spiderpool_each_address_of_a_pools_status_is_taken_over()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.62.0.0/16");
        Input = """
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: pool-a}
            spec: {subnet: 10.62.0.0/16, ips: [10.62.0.10-10.62.0.99]}
            status:
              allocatedIPs: '{"10.62.0.10":{"interface":"eth0","pod":"shop/web-0","podUid":"uid-0"},"10.62.0.11":{"interface":"net1","pod":"shop/web-1","podUid":"uid-1"}}'
            ---
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderIPPool
            metadata: {name: pool-b}
            status: {}
            ---
            apiVersion: spiderpool.spidernet.io/v2beta1
            kind: SpiderEndpoint
            metadata: {name: web-0, namespace: shop}
            status: {current: {uid: uid-0, node: worker-1, ips: [{interface: eth0, ipv4: 10.62.0.10/16, ipv4Pool: pool-a}]}, ownerControllerType: StatefulSet, ownerControllerName: web}
            """;

        var outcome = await RunAsync("import", "spiderpool", "-f", "-", "-o", "csv");

        Assert.Equal(
            """
            ADDRESS,STATE,NETWORK,OWNER,POD,NODE,FOUND IN,BECAUSE
            10.62.0.10,taken,pool-a,imported:spiderpool/pod:uid-0/eth0,shop/web-0,worker-1,SpiderIPPool pool-a [10.62.0.10],
            10.62.0.11,taken,pool-a,imported:spiderpool/pod:uid-1/net1,shop/web-1,unknown,SpiderIPPool pool-a [10.62.0.11],

            """.Replace("\n", "\r\n", StringComparison.Ordinal), outcome.Output);
        Assert.Equal("imported:spiderpool", (await LeasesAsync())[0].NetworkNamespace);
        Assert.Equal(new PodReference("shop", "web-0", "uid-0"), (await LeasesAsync())[0].Pod);
    }

    [Fact]
    public async Task Of_kube_ovn_each_address_of_an_interface_is_taken_over()
    {
        await DoAsync("pool", "create", "blue", "--range", "10.63.0.0/16", "--range", "fd63::/64");
        Input = """
            apiVersion: v1
            kind: IPList
            items:
            - apiVersion: kubeovn.io/v1
              kind: IP
              metadata: {name: web-0.shop}
              spec: {podName: web-0, namespace: shop, subnet: ovn-default, nodeName: worker-1, ipAddress: "10.63.0.5,fd63::5", v4IpAddress: 10.63.0.5, v6IpAddress: "fd63::5", macAddress: "00:00:00:aa:bb:cc", containerID: "", podType: ""}
            - apiVersion: kubeovn.io/v1
              kind: IP
              metadata: {name: node-worker-1}
              spec: {podName: worker-1, namespace: "", subnet: join, nodeName: worker-1, ipAddress: 10.63.9.2, v4IpAddress: 10.63.9.2}
            - apiVersion: kubeovn.io/v1
              kind: IP
              metadata: {name: old.shop, deletionTimestamp: "2026-03-04T12:00:00Z"}
              spec: {podName: old, namespace: shop, subnet: ovn-default, nodeName: worker-1, ipAddress: 10.63.0.6}
            """;

        var outcome = await RunAsync("import", "kube-ovn", "-f", "-", "-o", "csv");

        Assert.Equal(
            """
            ADDRESS,STATE,NETWORK,OWNER,POD,NODE,FOUND IN,BECAUSE
            10.63.9.2,taken,join,imported:kube-ovn/node-worker-1/,,worker-1,IP node-worker-1,
            10.63.0.5,taken,ovn-default,imported:kube-ovn/pod:shop/web-0/,shop/web-0,worker-1,IP web-0.shop,
            fd63::5,taken,ovn-default,imported:kube-ovn/pod:shop/web-0/,shop/web-0,worker-1,IP web-0.shop,

            """.Replace("\n", "\r\n", StringComparison.Ordinal), outcome.Output);
    }

    [Theory]
    [InlineData("whereabouts", "kind: IPPool\nmetadata: {name: p}\nspec: {range: 10.60.0.0/33}", "its range is '10.60.0.0/33', which is not in CIDR notation")]
    [InlineData("whereabouts", "kind: IPPool\nmetadata: {name: p}\nspec: {range: 10.60.0.0/24, allocations: {\"256\": {id: c, podref: a/b}}}", "the offset lies outside of 10.60.0.0/24")]
    [InlineData("whereabouts", "kind: IPPool\nmetadata: {name: p}\nspec: {range: 10.60.0.0/24, allocations: {\"2\": {}}}", "it names neither a container nor a pod")]
    [InlineData("whereabouts", "kind: OverlappingRangeIPReservation\nmetadata: {name: nonsense}\nspec: {podref: a/b}", "its name is no address")]
    [InlineData("whereabouts", "kind: OverlappingRangeIPReservation\nmetadata: {name: 10.60.0.4}\nspec: {podref: nonsense}", "it names no pod")]
    [InlineData("calico", "kind: IPAMBlock\nmetadata: {name: p}\nspec: {cidr: 10.60.0.0/31, allocations: [0, 0, 0]}", "its cidr is '10.60.0.0/31', which doesn't have its 3 addresses")]
    [InlineData("calico", "kind: IPAMBlock\nmetadata: {name: p}\nspec: {cidr: 10.60.0.0/26, allocations: [5], attributes: []}", "it names the attributes '5', which aren't there")]
    [InlineData("calico", "kind: IPAMBlock\nmetadata: {name: p}\nspec: {cidr: 10.60.0.0/26, allocations: [0], attributes: [{}]}", "it has no handle_id, so that nobody can say who has it")]
    [InlineData("spiderpool", "kind: SpiderIPPool\nmetadata: {name: p}\nstatus: {allocatedIPs: '{\"10.60.0.9\":'}", "its status.allocatedIPs is no JSON object")]
    [InlineData("spiderpool", "kind: SpiderIPPool\nmetadata: {name: p}\nstatus: {allocatedIPs: '{\"x\":{}}'}", "its name is no address")]
    [InlineData("kube-ovn", "kind: IP\nmetadata: {name: p}\nspec: {podName: a, namespace: b, ipAddress: x}", "'x' is no address")]
    [InlineData("kube-ovn", "kind: IP\nmetadata: {name: p}\nspec: {podName: a, namespace: b}", "it has no address")]
    public async Task What_can_not_be_read_is_said_and_nothing_is_taken(string product, string objects, string expected)
    {
        await DoAsync("pool", "create", "blue", "--range", "10.0.0.0/8");
        Input = objects;

        var outcome = await RunAsync("import", product, "-f", "-", "-o", "csv");

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains(",unknown,", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(expected, outcome.Output, StringComparison.Ordinal);
        Assert.Empty(await LeasesAsync());
    }

    [Theory]
    [InlineData("kind: [", "the input can't be read: it is neither YAML nor JSON at line ")]
    [InlineData("kind: &a x\nspec: *a", "the input can't be read: it has an alias, which no object of an API has")]
    [InlineData("kind: Pod", "there is no object of the kinds IPPool, OverlappingRangeIPReservation, NodeSlicePool in -")]
    [InlineData("", "there is no object of the kinds IPPool, OverlappingRangeIPReservation, NodeSlicePool in -")]
    public async Task What_is_no_export_is_refused(string text, string expected)
    {
        Input = text;

        var outcome = await RunAsync("import", "whereabouts", "-f", "-");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"ipamctl: {expected}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_nested_without_end_is_refused()
    {
        Input = string.Concat(Enumerable.Repeat("[", 100_000));

        Assert.Equal("ipamctl: the input can't be read: it is more than 64 levels deep\n", (await RunAsync("import", "calico", "-f", "-")).Error);
    }

    [Fact]
    public async Task Without_a_cluster_objects_come_from_a_file() => Assert.Equal(
        new CliOutcome(2, "", "ipamctl: the store belongs to no cluster, so that the objects must come from a file: give what kubectl prints by -f\n"),
        await RunAsync("import", "calico"));
}
