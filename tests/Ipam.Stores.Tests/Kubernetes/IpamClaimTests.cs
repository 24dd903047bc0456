using System.Net;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>IPAMClaims as an API server has them, with the definition under deploy/kubernetes and with older ones.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class IpamClaimTests(ControlPlane plane) : IAsyncLifetime
{
    private const string Claims = IpamClaimDefinition.Claims;

    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private KubernetesStore _store = null!;

    private IIpamClaims Objects => _store.IpamClaims!;

    public async Task InitializeAsync()
    {
        await IpamClaimDefinition.CreateAsync(plane.Admin);
        _store = await plane.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await IpamClaimDefinition.DeleteAsync(plane.Admin);
    }

    [Fact]
    public async Task A_claim_says_what_it_is_for_and_its_status_what_it_has()
    {
        var uid = await CreateAsync("db", """ "network": "blue", "interface": "net1", "ipRequests": ["10.1.0.7/24", "fd00::7/64"] """);
        await CreateAsync("bare", """ "network": "blue", "interface": "" """);
        var claim = (await Objects.ReadAsync("default", "db", default))!;
        Assert.Equal(("default", "db", uid, "blue", "net1", 1), (claim.Namespace, claim.Name, claim.Uid, claim.Network, claim.InterfaceName, claim.Generation));
        Assert.Equal(["10.1.0.7/24", "fd00::7/64"], claim.Requests);
        Assert.Equal((0, "", null, 0), (claim.Status.Addresses.Count, claim.Status.OwnerPod, claim.Status.Condition, claim.Status.OtherConditions.Count));
        Assert.Equal(("", 0), ((await Objects.ReadAsync("default", "bare", default))!.InterfaceName, (await Objects.ReadAsync("default", "bare", default))!.Requests.Count));
        Assert.Null(await Objects.ReadAsync("default", "none", default));
        Assert.Null(await Objects.ReadAsync("nowhere", "db", default));
        Assert.Null(await Objects.ReadAsync("default", "../pods/x", default));
        Assert.Null(await Objects.ReadAsync("default/ipamclaims/db", "x", default));

        Assert.True(await Objects.PutStatusAsync(claim, new IpamClaimStatus(["10.1.0.7/24", "fd00::7/64"], "virt-1", new IpamClaimCondition(true, "SuccessfulAllocation", "fine", Noon)), default));

        using var json = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Claims}/db"));
        Assert.Equal(
            """{"conditions":[{"lastTransitionTime":"2026-03-04T12:00:00Z","message":"fine","observedGeneration":1,"reason":"SuccessfulAllocation","status":"True","type":"IPsAllocated"}],"ips":["10.1.0.7/24","fd00::7/64"],"ownerPod":{"name":"virt-1"}}""",
            json.RootElement.GetProperty("status").GetRawText());
        Assert.Equal("net1", json.RootElement.GetProperty("spec").GetProperty("interface").GetString());
        var again = (await Objects.ReadAsync("default", "db", default))!;
        Assert.Equal(new IpamClaimCondition(true, "SuccessfulAllocation", "fine", Noon), again.Status.Condition);
        Assert.True(await Objects.PutStatusAsync(again, again.Status with { OwnerPod = "" }, default));
        Assert.Equal(("", 2), ((await Objects.ReadAsync("default", "db", default))!.Status.OwnerPod, (await Objects.ReadAsync("default", "db", default))!.Status.Addresses.Count));
    }

    [Fact]
    public async Task A_status_is_written_over_what_was_read_and_nothing_newer_and_others_conditions_stay()
    {
        await CreateAsync("db", """ "network": "blue", "interface": "net1" """);
        var read = (await Objects.ReadAsync("default", "db", default))!;
        await PatchStatusAsync("""
            { "ips": [], "conditions": [{ "type": "example.com/Audited", "status": "True", "reason": "Seen", "message": "ü \"x\"", "lastTransitionTime": "2026-01-02T03:04:05Z" },
              { "type": "IPsAllocated", "status": "False", "reason": "SubnetExhausted", "message": "", "lastTransitionTime": "2026-01-02T03:04:05Z" }] }
            """);
        var status = new IpamClaimStatus(["10.1.0.7/24"], "virt-1", new IpamClaimCondition(true, "SuccessfulAllocation", "fine", Noon));
        Assert.False(await Objects.PutStatusAsync(read, status, default));

        var newer = (await Objects.ReadAsync("default", "db", default))!;
        Assert.Equal((false, "SubnetExhausted"), (newer.Status.Condition!.IsTrue, newer.Status.Condition.Reason));
        Assert.True(await Objects.PutStatusAsync(newer, newer.Status with { Addresses = status.Addresses, Condition = status.Condition }, default));

        using var json = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Claims}/db"));
        var conditions = json.RootElement.GetProperty("status").GetProperty("conditions").EnumerateArray().ToArray();
        Assert.Equal(["example.com/Audited", "IPsAllocated"], conditions.Select(static condition => condition.GetProperty("type").GetString()));
        Assert.Equal("ü \"x\"", conditions[0].GetProperty("message").GetString());
        await plane.Admin.MustAsync(HttpMethod.Delete, $"{Claims}/db");
        Assert.False(await Objects.PutStatusAsync(newer, status, default));
    }

    [Theory]
    [InlineData(""" "network": "blue" """, "spec.interface: Required value")]
    [InlineData(""" "interface": "net1" """, "spec.network: Required value")]
    [InlineData(""" "network": "blue", "interface": "net1", "ipRequests": ["10.1.0.7"] """, "wanted is an address in CIDR notation")]
    [InlineData(""" "network": "blue", "interface": "net1", "ipRequests": ["10.1.0.7/24", "10.1.0.8/24"] """, "two addresses must be of different families")]
    [InlineData(""" "network": "blue", "interface": "net1", "ipRequests": ["10.1.0.7/24", "fd00::7/64", "fd00::8/64"] """, "Too many: 3")]
    public async Task A_bad_claim_is_refused(string spec, string expected)
    {
        var (status, body) = await plane.Admin.SendAsync(HttpMethod.Post, Claims, Json("bad", spec));
        Assert.True(status == HttpStatusCode.UnprocessableEntity && body.Contains(expected, StringComparison.Ordinal), body);
    }

    [Theory]
    [InlineData("""{ "spec": { "network": "red" } }""", "network is immutable")]
    [InlineData("""{ "spec": { "interface": "net2" } }""", "interface is immutable")]
    [InlineData("""{ "spec": { "ipRequests": ["10.1.0.8/24"] } }""", "ipRequests are immutable")]
    public async Task What_a_claim_is_for_stays(string change, string expected)
    {
        await CreateAsync("db", """ "network": "blue", "interface": "net1", "ipRequests": ["10.1.0.7/24"] """);
        var (status, body) = await plane.Admin.SendAsync(HttpMethod.Patch, $"{Claims}/db", change, "application/merge-patch+json");
        Assert.True(status == HttpStatusCode.UnprocessableEntity && body.Contains(expected, StringComparison.Ordinal), body);
    }

    [Fact]
    public async Task Without_the_definition_the_error_says_what_to_apply()
    {
        await IpamClaimDefinition.DeleteAsync(plane.Admin);
        var error = await Assert.ThrowsAsync<StoreException>(() => Objects.ReadAsync("default", "db", default));
        Assert.Contains("doesn't know ipamclaims.k8s.cni.cncf.io", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("define it with 'kubectl apply -f deploy/kubernetes/components/ipamclaims/ipamclaims.yaml'", error.Message, StringComparison.Ordinal);
        await IpamClaimDefinition.CreateAsync(plane.Admin);
    }

    /// <summary>Clusters have definitions that know less, or say nothing of what a claim may have.</summary>
    [Fact]
    public async Task With_other_definitions_as_much_is_read_and_written_as_there_can_be()
    {
        await IpamClaimDefinition.DeleteAsync(plane.Admin);
        await DefineAsync("""
            {"type":"object","properties":{"spec":{"type":"object","properties":{"network":{"type":"string"},"interface":{"type":"string"} } },
             "status":{"type":"object","required":["ips"],"properties":{"ips":{"type":"array","items":{"type":"string"} } } } } }
            """);
        await CreateAsync("db", """ "network": "blue", "interface": "net1", "ipRequests": ["10.1.0.7/24"] """);
        var claim = (await Objects.ReadAsync("default", "db", default))!;
        Assert.Equal(("blue", 0), (claim.Network, claim.Requests.Count));
        Assert.True(await Objects.PutStatusAsync(claim, new IpamClaimStatus(["10.1.0.7/24"], "virt-1", new IpamClaimCondition(true, "SuccessfulAllocation", "fine", Noon)), default));
        var written = (await Objects.ReadAsync("default", "db", default))!.Status;
        Assert.Equal((1, "", null), (written.Addresses.Count, written.OwnerPod, written.Condition));

        await IpamClaimDefinition.DeleteAsync(plane.Admin);
        await DefineAsync("""{"type":"object","x-kubernetes-preserve-unknown-fields":true}""");
        await plane.Admin.MustAsync(HttpMethod.Post, Claims, """
            { "apiVersion": "k8s.cni.cncf.io/v1alpha1", "kind": "IPAMClaim", "metadata": { "name": "odd" }, "spec": { "network": 7, "interface": ["net1"], "ipRequests": [7, null, "10.1.0.7/24"] } }
            """);
        await PatchStatusAsync("""{ "ips": "all", "ownerPod": "virt-1", "conditions": ["good", { "type": 7 }, { "type": "IPsAllocated", "status": true, "lastTransitionTime": "noon" }] }""", "odd");
        var odd = (await Objects.ReadAsync("default", "odd", default))!;
        Assert.Equal(("", "", "7 null 10.1.0.7/24"), (odd.Network, odd.InterfaceName, string.Join(' ', odd.Requests)));
        Assert.Equal((0, "", new IpamClaimCondition(false, "", "", default), 1), (odd.Status.Addresses.Count, odd.Status.OwnerPod, odd.Status.Condition, odd.Status.OtherConditions.Count));
        Assert.True(await Objects.PutStatusAsync(odd, odd.Status with { OwnerPod = "virt-2" }, default));
        Assert.Equal("virt-2", (await Objects.ReadAsync("default", "odd", default))!.Status.OwnerPod);
    }

    private static string Json(string name, string spec) => $$$"""{ "apiVersion": "k8s.cni.cncf.io/v1alpha1", "kind": "IPAMClaim", "metadata": { "name": "{{{name}}}" }, "spec": { {{{spec}}} } }""";

    private async Task<string> CreateAsync(string name, string spec)
    {
        using var json = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Post, Claims, Json(name, spec)));
        return json.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!;
    }

    private Task<string> PatchStatusAsync(string status, string name = "db") =>
        plane.Admin.MustAsync(HttpMethod.Patch, $"{Claims}/{name}/status", $$"""{ "status": {{status}} }""", "application/merge-patch+json");

    private async Task DefineAsync(string schema)
    {
        await plane.Admin.MustAsync(HttpMethod.Post, "apis/apiextensions.k8s.io/v1/customresourcedefinitions", $$"""
            {"metadata":{"name":"ipamclaims.k8s.cni.cncf.io"},
             "spec":{"group":"k8s.cni.cncf.io","scope":"Namespaced","names":{"kind":"IPAMClaim","listKind":"IPAMClaimList","plural":"ipamclaims","singular":"ipamclaim"},
             "versions":[{"name":"v1alpha1","served":true,"storage":true,"subresources":{"status":{} },"schema":{"openAPIV3Schema":{{schema}} } }]} }
            """);
        await Wait.UntilAsync(async () => (await plane.Admin.SendAsync(HttpMethod.Get, Claims)).Status == HttpStatusCode.OK, "ipamclaims");
    }
}
