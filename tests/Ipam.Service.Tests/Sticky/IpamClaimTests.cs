using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Options;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Sticky;

/// <summary>What becomes of an address if a claim's status can't be written, or others write it at the same time.</summary>
public sealed class IpamClaimTests : IAsyncLifetime
{
    private const string Ipam = """ "subnet": "10.1.0.0/24", "order": "lowest", "allowPersistentIPs": true """;

    private readonly KnownPods _pods = new();
    private readonly KnownClaims _claims = new();
    private readonly KnownCluster _cluster = new();
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(
            static options => options with { Node = "a", Role = ServiceRole.Node },
            store => (store.PodFacts, store.IpamClaims, store.Cluster) = (_pods, _claims, _cluster));
        await _daemon.WhenReady;
        _claims.Add("db", "net", "uid of db");
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task A_status_that_can_not_be_written_fails_the_ADD_and_the_address_stays_the_claims()
    {
        _claims.BeforeWrite = static _ => throw new StoreException("the API doesn't let us patch ipamclaims");
        var error = (await AddAsync("virt-1")).EnsureError(11);
        Assert.Equal("what IPAMClaim shop/db has can't be written into its status: the API doesn't let us patch ipamclaims", error.Message);
        (await DelAsync("virt-1")).EnsureOk();
        Assert.Equal("10.1.0.3/24", (await _daemon.Client.CallAsync("add", NetworkJson.Text(Ipam), "stranger")).EnsureOk().Addresses);

        _claims.BeforeWrite = static _ => { };
        Assert.Equal("10.1.0.2/24", (await AddAsync("virt-2")).EnsureOk().Addresses);
        Assert.Equal(("10.1.0.2/24", "virt-2", true), Status());
    }

    [Fact]
    public async Task Where_claims_can_not_be_read_who_names_one_waits_and_nobody_else()
    {
        _claims.Fault = new StoreException("the API doesn't know ipamclaims");
        Assert.Equal("IPAMClaim shop/db can't be read, whose addresses are asked for: the API doesn't know ipamclaims", (await AddAsync("virt-1")).EnsureError(11).Message);
        Assert.Empty(await _daemon.LeasesOf("virt-1"));
        _pods.Pods["plain"] = new ObjectFacts(["uid"], new Dictionary<string, string>());
        (await _daemon.Client.CallAsync("add", NetworkJson.Text(Ipam), "plain", ("CNI_ARGS", "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=plain"))).EnsureOk();

        _claims.Fault = null;
        (await AddAsync("virt-1")).EnsureOk();
        _claims.Fault = new StoreException("the API doesn't know ipamclaims");
        (await DelAsync("virt-1")).EnsureOk();
        Assert.Single(await _daemon.Store.Sticky.ListAsync(default));
    }

    [Fact]
    public async Task Who_writes_at_the_same_time_loses_nothing_and_a_claim_that_is_deleted_meanwhile_is_told_of()
    {
        var writes = 0;
        _claims.BeforeWrite = _ =>
        {
            if (++writes <= 3)
                _claims.Change("db", static status => status with { OtherConditions = [.. status.OtherConditions, "x"] });
        };
        (await AddAsync("virt-1")).EnsureOk();
        Assert.Equal((4, 3), (writes, _claims.Claims["db"].Status.OtherConditions.Count));
        // What says the same isn't written again.
        (await AddAsync("virt-1")).EnsureOk();
        Assert.Equal(4, writes);
        (await DelAsync("virt-1")).EnsureOk();

        _claims.BeforeWrite = _ => _claims.Claims.TryRemove("db", out var _);
        Assert.Equal("IPAMClaim shop/db was deleted or changed by others while shop/virt-2 got its addresses", (await AddAsync("virt-2")).EnsureError(11).Message);
        _claims.BeforeWrite = _ => _claims.Change("db", static status => status);
        _claims.Add("db", "net", "uid of another db");
        Assert.Equal("IPAMClaim shop/db was deleted or changed by others while shop/virt-3 got its addresses", (await AddAsync("virt-3")).EnsureError(11).Message);
    }

    [Fact]
    public async Task A_DEL_takes_its_own_pod_out_of_the_status_and_no_other()
    {
        (await AddAsync("virt-1")).EnsureOk();
        (await DelAsync("virt-1")).EnsureOk();
        await Wait.UntilAsync(() => Status() == ("10.1.0.2/24", "", true));

        // A pod of the same name comes before that is said of the former one.
        (await AddAsync("virt-2")).EnsureOk();
        var hasCome = false;
        _claims.BeforeWrite = claim =>
        {
            if (hasCome || claim.Status.OwnerPod != "virt-2")
                return;
            hasCome = true;
            _claims.BeforeWrite = static _ => { };
            _claims.Change("db", static status => status with { Addresses = ["10.1.0.2/24"] });
            AddAsync("virt-2", "new").GetAwaiter().GetResult().EnsureOk();
        };
        (await DelAsync("virt-2")).EnsureOk();
        await Wait.UntilAsync(() => hasCome);
        // Others' turn comes after this one's.
        _claims.Add("other", "net", "uid of other");
        (await AddAsync("virt-3", claim: "other")).EnsureOk();
        (await DelAsync("virt-3")).EnsureOk();
        await Wait.UntilAsync(() => _claims.Claims["other"].Status.OwnerPod.Length == 0);
        Assert.Equal(("10.1.0.2/24", "virt-2", true), Status());
    }

    private (string Addresses, string Pod, bool? IsAllocated) Status() =>
        _claims.Claims["db"].Status is var status ? (string.Join(' ', status.Addresses), status.OwnerPod, status.Condition?.IsTrue) : default;

    private Task<ServiceAnswer> AddAsync(string pod, string container = "", string claim = "db")
    {
        lock (_pods)
        {
            _pods.Pods[pod] = new ObjectFacts(["uid"], new Dictionary<string, string>())
            {
                Networks = $$"""[{ "name": "net", "interface": "eth0", "ipam-claim-reference": "{{claim}}" }]""",
            };
        }
        _cluster.Pods[pod] = new ClusterPod("shop", pod, ["uid"], "a", false, []);
        return _daemon.Client.CallAsync("add", NetworkJson.Text(Ipam), pod + container, ("CNI_ARGS", $"K8S_POD_NAMESPACE=shop;K8S_POD_NAME={pod};K8S_POD_UID=uid"));
    }

    private Task<ServiceAnswer> DelAsync(string pod)
    {
        _cluster.Pods.TryRemove(pod, out _);
        return _daemon.Client.CallAsync("del", NetworkJson.Text(Ipam), pod);
    }
}
