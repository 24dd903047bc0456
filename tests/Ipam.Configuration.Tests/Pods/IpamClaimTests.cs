using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Tests.Pods;

/// <summary>Which claim an attachment is for.</summary>
public sealed class IpamClaimTests
{
    private const string One = """[{ "name": "blue", "namespace": "lab", "ipam-claim-reference": "db" }]""";

    private readonly Cluster _cluster = new();

    [Theory]
    // Multus counts, as the network's name in the configuration may be another one.
    [InlineData(One, "net1")]
    [InlineData("""[{ "name": "red" }, { "name": "other", "ipam-claim-reference": "db" }]""", "net2")]
    [InlineData("""[{ "name": "red" }, { "name": "blue", "ipam-claim-reference": "db" }]""", "net7")]
    [InlineData("""[{ "name": "blue" }, { "name": "blue", "ipam-claim-reference": "db" }]""", "net2")]
    [InlineData("""[{ "name": "blue", "interface": "pod37a8eec1ce1", "ipam-claim-reference": "db" }, { "name": "blue", "ipam-claim-reference": "x" }]""", "pod37a8eec1ce1")]
    [InlineData("""[{ "name": "other", "interface": "eth0", "ipam-claim-reference": "db" }]""", "eth0")]
    [InlineData("""[{ "name": "blue", "interface": "net2", "ipam-claim-reference": "x" }, { "name": "blue", "interface": "net1", "ipam-claim-reference": "db" }]""", "net1")]
    [InlineData(One, null)]
    [InlineData("""[{ "name": "red" }, { "name": "other", "ipam-claim-reference": "db" }]""", null)]
    public async Task It_is_that_of_the_element_of_the_same_interface_or_network(string annotation, string? interfaceName)
    {
        _cluster.Annotate(annotation);
        _cluster.Add(new IpamClaim("shop", "db", "uid of db", "blue", "", [], new IpamClaimStatus([], "", null)));

        var finding = await FindAsync(interfaceName);

        Assert.Equal(new StickyOwner(StickyKind.IPAMClaim, "shop", "db") { Uid = "uid of db" }, finding?.Owner);
        Assert.Null(await FindAsync(interfaceName, claims: false));
    }

    [Theory]
    [InlineData("blue", "net1")]
    [InlineData("lab/blue@net1,red", "net1")]
    [InlineData("", "net1")]
    [InlineData("[]", "net1")]
    [InlineData("""[{ "name": "blue" }]""", "net1")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": "" }]""", "net1")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": null }, 7, "x", null]""", "net1")]
    // The cluster's own network is in no list.
    [InlineData(One, "eth0")]
    [InlineData("""[{ "name": "red", "ipam-claim-reference": "db" }]""", "net2")]
    [InlineData("""[{ "name": "blue", "interface": "net2", "ipam-claim-reference": "db" }]""", "net1")]
    [InlineData("""[{ "name": "blue", "Ipam-Claim-Reference": "db" }]""", "net1")]
    public async Task There_is_none(string annotation, string interfaceName)
    {
        _cluster.Annotate(annotation);
        Assert.Null(await FindAsync(interfaceName));
        Assert.Equal(0, _cluster.ClaimReads);
    }

    [Theory]
    [InlineData("[{", "net1", "can't be read: ")]
    [InlineData("""{ "name": "blue" }""", "net1", "is no list of networks")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": 7 }]""", "net1", "has an element whose ipam-claim-reference is no text")]
    [InlineData("""[{ "name": ["blue"] }]""", "net1", "has an element whose name is no text")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": "\ud800" }]""", "net1", "can't be read: ")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": "other/db" }]""", "net1", "has the ipam-claim-reference \"other/db\", wanted are 1 to 253 letters, digits, '-', '_' and '.'")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": " " }]""", "net1", "has the ipam-claim-reference \" \", wanted are")]
    [InlineData("""[{ "name": "blue", "ipam-claim-reference": "a" }, { "name": "blue", "ipam-claim-reference": "b" }]""", "net3", "may mean a, b for network blue, interface net3")]
    [InlineData("""[{ "name": "blue" }, { "name": "blue", "ipam-claim-reference": "b" }]""", "net3", "may mean b or no claim for network blue, interface net3")]
    [InlineData("""[{ "name": "x", "interface": "net1", "ipam-claim-reference": "a" }, { "name": "y", "interface": "net1", "ipam-claim-reference": "b" }]""", "net1", "may mean a, b for network blue, interface net1")]
    [InlineData("""[{ "name": "x", "ipam-claim-reference": "a" }, { "name": "y", "ipam-claim-reference": "b" }]""", null, "may mean a, b for network blue")]
    public async Task What_can_not_be_told_is_an_error(string annotation, string? interfaceName, string expected)
    {
        _cluster.Annotate(annotation);
        var error = (await Assert.ThrowsAsync<CniException>(() => FindAsync(interfaceName))).Error;
        Assert.Equal(101, error.Code);
        Assert.StartsWith($"the annotation k8s.v1.cni.cncf.io/networks of pod shop/virt-1 {expected}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _cluster.ClaimReads);
    }

    [Theory]
    [InlineData("none", 11, "there is no IPAMClaim shop/none, which pod shop/virt-1 names for network blue, interface net1")]
    [InlineData("red", 101, "IPAMClaim shop/red is for network red, interface net1, and pod shop/virt-1 names it for network blue, interface net1")]
    [InlineData("second", 101, "IPAMClaim shop/second is for network blue, interface net2, and pod shop/virt-1 names it for network blue, interface net1")]
    [InlineData("odd", 101, "IPAMClaim shop/odd has \"10.1.0.500/24\" in ipRequests, which is no address")]
    [InlineData("long", 101, "IPAMClaim shop/long has \"10.1.0.5/33\" in ipRequests, which is no address")]
    public async Task A_claim_is_held_to_what_it_says(string name, int code, string expected)
    {
        _cluster.Annotate(One.Replace("\"db\"", $"\"{name}\"", StringComparison.Ordinal));
        var none = new IpamClaimStatus([], "", null);
        _cluster.Add(new IpamClaim("shop", "red", "1", "red", "net1", [], none));
        _cluster.Add(new IpamClaim("shop", "second", "2", "blue", "net2", [], none));
        _cluster.Add(new IpamClaim("shop", "odd", "3", "blue", "net1", ["10.1.0.500/24"], none));
        _cluster.Add(new IpamClaim("shop", "long", "4", "blue", "net1", ["10.1.0.5/33"], none));

        var error = (await Assert.ThrowsAsync<CniException>(() => FindAsync("net1"))).Error;

        Assert.Equal((code, expected), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_claim_comes_before_other_owners_and_with_what_it_wants()
    {
        _cluster.Annotate(One, new Dictionary<string, string> { ["vm.kubevirt.io/name"] = "db" });
        _cluster.Add(new IpamClaim("shop", "db", "1", "blue", "net1", ["10.1.0.5/24", "fd00::5"], new IpamClaimStatus([], "", null)));

        var finding = (await FindAsync("net1", sticky: true, args: "IPAM_STICKY=x"))!;

        Assert.Equal((StickyKind.IPAMClaim, "db", true), (finding.Owner.Kind, finding.Machine, finding.Moves));
        Assert.Equal("10.1.0.5 fd00::5", string.Join(' ', finding.Requests));
        Assert.Equal(StickyKind.Name, (await FindAsync("eth0", sticky: true, args: "IPAM_STICKY=x"))!.Owner.Kind);
        Assert.Equal((StickyKind.VirtualMachine, true), ((await FindAsync("eth0", sticky: true))!.Owner.Kind, (await FindAsync("eth0", sticky: true))!.Moves));
        Assert.Null(await FindAsync("eth0"));
    }

    [Fact]
    public async Task Where_no_claims_are_allowed_nothing_is_read()
    {
        _cluster.Annotate(One);
        Assert.Null(await FindAsync("net1", claims: false));
        Assert.Equal((0, 0), (_cluster.PodReads, _cluster.ClaimReads));
        // Nor where no pod is named.
        Assert.Null(await new StickyOwners(_cluster, _cluster).FindAsync(Attachment("net1", true, false, "") with { Pod = new AskingPod(null) }, Ranges(1), default));
        Assert.Equal(0, _cluster.PodReads);
    }

    [Fact]
    public async Task Claims_need_a_cluster_and_have_two_addresses()
    {
        var outside = await Assert.ThrowsAsync<CniException>(() => new StickyOwners(null, null).FindAsync(Attachment("net1", true, false, ""), Ranges(1), default));
        Assert.Equal(
            (7, "ipam: allowPersistentIPs is about IPAMClaims of a Kubernetes cluster, and the store belongs to none; leave allowPersistentIPs out, or use the Kubernetes store"),
            (outside.Error.Code, outside.Error.Message));

        _cluster.Annotate(One);
        _cluster.Add(new IpamClaim("shop", "db", "1", "blue", "", [], new IpamClaimStatus([], "", null)));
        var many = await Assert.ThrowsAsync<CniException>(() => new StickyOwners(_cluster, _cluster).FindAsync(Attachment("net1", true, false, ""), Ranges(3), default));
        Assert.Equal(
            (7, "IPAMClaim shop/db can have 2 addresses, and the configuration gives 3; give one range set for each family, or leave allowPersistentIPs out"),
            (many.Error.Code, many.Error.Message));
    }

    [Theory]
    [InlineData("", """, "allowPersistentIPs": true """, true)]
    [InlineData(""", "allowPersistentIPs": true """, "", true)]
    [InlineData(""", "allowPersistentIPs": false """, """, "allowPersistentIPs": true """, false)]
    [InlineData("", "", false)]
    public void The_key_is_in_ipam_or_beside_it(string within, string beside, bool expected)
    {
        foreach (var ipam in (string[])[""" "subnet": "10.1.0.0/24" """, """ "range": "10.1.0.0/24" """])
            Assert.Equal(expected, IpamConfigurationReader.Read(ParsedNetwork.Of(ipam + within, beside.TrimStart(',', ' '))).AllowsIpamClaims);
    }

    private static RangeSets Ranges(int sets, bool sticky = false)
    {
        var range = IpamConfigurationReader.Read(ParsedNetwork.Of(""" "subnet": "10.1.0.0/24" """)).RangeSets[0][0].Under(new AllocationPolicy { IsSticky = sticky });
        return new RangeSets("default", [.. Enumerable.Repeat<IReadOnlyList<AllocationRange>>([range], sets)], new Dictionary<string, Pool>(), [], new Dictionary<string, string>());
    }

    private static StickyAttachment Attachment(string? interfaceName, bool claims, bool sticky, string args)
    {
        var network = ParsedNetwork.Of($$""" "subnet": "10.1.0.0/24", "allowPersistentIPs": {{(claims ? "true" : "false")}} """, """ "name": "blue" """);
        return new StickyAttachment(new PluginConfiguration(network), interfaceName, new AskingPod("shop", "virt-1", "uid of pod"), RequestedAddresses.ParseArgs(args));
    }

    private Task<StickyFinding?> FindAsync(string? interfaceName, bool claims = true, bool sticky = false, string args = "") =>
        new StickyOwners(_cluster, _cluster).FindAsync(Attachment(interfaceName, claims, sticky, args), Ranges(1, sticky), default);

    /// <summary>A cluster with one pod.</summary>
    private sealed class Cluster : IPodFacts, IIpamClaims
    {
        private readonly Dictionary<string, IpamClaim> _claims = [];
        private ObjectFacts? _pod;

        public int PodReads { get; private set; }

        public int ClaimReads { get; private set; }

        public void Annotate(string networks, Dictionary<string, string>? labels = null) => _pod = new ObjectFacts(["uid of pod"], labels ?? []) { Networks = networks };

        public void Add(IpamClaim claim) => _claims.Add($"{claim.Namespace}/{claim.Name}", claim);

        public Task<ObjectFacts?> ReadPodAsync(string @namespace, string name, CancellationToken cancellationToken)
        {
            PodReads++;
            return Task.FromResult(_pod);
        }

        public Task<ObjectFacts?> ReadNamespaceAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IpamClaim?> ReadAsync(string @namespace, string name, CancellationToken cancellationToken)
        {
            ClaimReads++;
            return Task.FromResult(_claims.GetValueOrDefault($"{@namespace}/{name}"));
        }

        public Task<bool> PutStatusAsync(IpamClaim claim, IpamClaimStatus status, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
