using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.History;
using Ipam.Core.Pools;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes;
using Ipam.Stores.Tests.Contract;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>
/// The roles of deploy/kubernetes/rbac grant what the programs ask for, and no more. A user who has only one of them does all that its program does, by a proxy that
/// notes what the API server is asked.
/// </summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class RoleTests(ControlPlane plane) : IAsyncLifetime
{
    private const string Rbac = "apis/rbac.authorization.k8s.io/v1";
    private const string ClusterWide = "everywhere";

    /// <summary>This one may get Leases and not list them.</summary>
    private const string Forget = "ipamctl-node-forget";

    private static readonly Notice Released = new(NoticeSubject.Pod, "web-0", "AddressesReleased", "10.0.0.1") { Namespace = "default", Uid = "uid" };

    public Task InitializeAsync() => IpamClaimDefinition.CreateAsync(plane.Admin);

    public async Task DisposeAsync()
    {
        await plane.Admin.MustAsync(HttpMethod.Delete, "api/v1/namespaces/default/pods?gracePeriodSeconds=0");
        await plane.Admin.MustAsync(HttpMethod.Delete, "api/v1/nodes");
        await IpamClaimDefinition.DeleteAsync(plane.Admin);
        await plane.EmptyAsync();
    }

    [Fact]
    public Task The_role_of_nodes_grants_what_they_ask_for_and_no_more() => GrantsWhatIsAskedForAsync("ipam-node", async store =>
    {
        await store.PingAsync(default);
        await store.Pools.ReadRevisionAsync(default);
        await store.Pools.ReadAsync(default);
        await store.NodeFacts!.ReadNodeAsync("node-a", default);
        await store.Cluster!.FindNodeAsync("node-a", default);

        store.Past.Expect(await store.Past.ReadAsync(default));
        await store.Past.RenewAsync((await store.Past.ReadAsync(default)).Identity, default);
        store.Past.Expect(await store.Past.ReadAsync(default));
        Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-a", "instance", "run", "host", "identity", 0), null, default));
        await store.Nodes.FindAsync("node-a", default);
        Assert.False((await store.Viewers!.AskAsync(KubernetesServer.NobodysToken, "history", default)).MayLook);
        await store.Nodes.ListAsync(default);
        await store.Notices!.PostAsync(new Notice(NoticeSubject.Node, "node-a", "StoreLostData", "the store lost data"), default);
        Assert.Null(await store.Cluster.FindPodAsync("default", "web-0", default));
        await store.Notices.PostAsync(Released, default);
        Assert.Null(await store.PodFacts!.ReadPodAsync("default", "web-0", default));
        Assert.NotNull(await store.PodFacts.ReadNamespaceAsync("default", default));
        Assert.True(await store.Sticky.PutAsync("web-0", null, "default 10.0.0.1", default));
        Assert.True(await store.Sticky.PutAsync("web-0", "default 10.0.0.1", "default 10.0.0.2", default));
        Assert.Equal("default 10.0.0.2", await store.Sticky.FindAsync("web-0", default));
        Assert.Null(await store.IpamClaims!.ReadAsync("default", "db", default));
        Assert.False(await store.IpamClaims.PutStatusAsync(new IpamClaim("default", "db", "uid", "net", "", [], new IpamClaimStatus([], "", null)), new IpamClaimStatus([], "", null), default));

        var block = await HoldAsync(store);
        await store.ListSpacesAsync(default);
        await store.ListSummariesAsync(BlockFilter.All, default);
        await store.FindLeasesAsync(block.Leases[0].Owner, "node-a", default);
        await CommitAsync(store, Change.Release(block, block.Leases[0]));
        await CommitAsync(store, Change.Delete(Assert.Single(await store.ReadBlocksAsync([block.Id], default))));
    });

    [Fact]
    public async Task The_role_of_controllers_grants_what_they_ask_for_and_no_more()
    {
        await plane.Admin.MustAsync(HttpMethod.Post, "apis/ipamsuite.dev/v1alpha1/ippools", PoolGuardTests.Red);
        await LoseNodeAsync();
        await MachineDefinitions.CreateAsync(plane.Admin);
        await GrantsWhatIsAskedForAsync("ipam-controller", async store =>
        {
            await AskForOwnersAsync(store);
            store.Past.Expect(await store.Past.ReadAsync(default));
            Assert.Null(await store.Leaders.FindAsync("controller", default));
            var leader = await store.Leaders.PutAsync("controller", new LeaderRecord("node-a", TimeSpan.FromSeconds(15), default, default, 0), default);
            Assert.NotNull(await store.Leaders.PutAsync("controller", leader!, default));
            await store.Pools.ReadRevisionAsync(default);
            await store.Pools.ReadAsync(default);
            await store.ListSummariesAsync(BlockFilter.All, default);
            await store.PoolStatuses!.PublishAsync([new PoolUsage("red", "10.1.0.0/16", new FamilyUsage(1000, 0, 1, 999), null)], default);
            await store.PoolGuard!.GuardAsync(new HashSet<string> { "red" }, default);
            await store.Notices!.PostAsync(new Notice(NoticeSubject.Pool, "red", "PoolExhausted", "no IPv4 address is left"), default);
            await store.Notices.PostAsync(Released, default);
            await CollectAsync(store);
        });
        await MachineDefinitions.DeleteAsync(plane.Admin);
    }

    [Fact]
    public async Task The_role_of_ipamctl_grants_what_ipamctl_asks_for_and_no_more()
    {
        await using (var ipamd = await plane.OpenAsync())
        {
            await HoldAsync(ipamd);
            await ServeHistoryAsync(ipamd);
        }
        await GrantsWhatIsAskedForAsync("ipamctl", async store =>
        {
            Assert.Empty(await store.Cluster!.ListPodsAsync(default));
            Assert.Null(await store.Cluster.FindPodAsync("shop", "web-0", default));
            await store.NodeFacts!.ReadNodeAsync("node-a", default);
            Assert.Null(await store.PodFacts!.ReadPodAsync("default", "web-0", default));
            Assert.NotNull(await store.PodFacts.ReadNamespaceAsync("default", default));
            Assert.Null(await store.IpamClaims!.ReadAsync("default", "db", default));
            Assert.Single((await store.NodeHistories!.FindAsync(new HistoryQuestion(), default)).Missing);
            var standing = await StoreStanding.ReadAsync(store, default);
            Assert.True(await store.Past.AcceptAsync(standing.Past.Identity, default));

            var blocks = new List<Block>();
            await foreach (var page in store.ListBlocksAsync(BlockFilter.All, default))
                blocks.AddRange(page);
            var releaser = new LeaseReleaser(store, TimeProvider.System, Random.Shared);
            Assert.Equal(ReleaseOutcome.Released, await releaser.ReleaseAsync(Assert.Single(blocks).Leases[0], new ReleaseReason(ReleaseCause.Admin, "me"), default));

            var pool = new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }] };
            Assert.True(await store.Pools.PutAsync(pool, default));
            Assert.True(await store.Pools.PutAsync(Assert.Single((await store.Pools.ReadAsync(default)).Pools) with { IsDisabled = true }, default));
            await using (var ipamd = await plane.OpenAsync())
            {
                await ipamd.Pools.ReadAsync(default);
                await ipamd.PoolGuard!.GuardAsync(new HashSet<string> { "blue" }, default);
            }
            Assert.True(await store.Pools.DeleteAsync(Assert.Single((await store.Pools.ReadAsync(default)).Pools), default));
            var reservation = new Reservation { Name = "printers", Addresses = [new AddressRange(Address.Parse("10.1.0.5"), Address.Parse("10.1.0.5"))] };
            Assert.True(await store.Pools.PutAsync(reservation, default));
            Assert.True(await store.Pools.PutAsync(Assert.Single((await store.Pools.ReadAsync(default)).Reservations) with { Reason = "x" }, default));
            Assert.True(await store.Pools.DeleteAsync(Assert.Single((await store.Pools.ReadAsync(default)).Reservations), default));
        });
    }

    [Fact]
    public async Task The_role_of_node_forget_grants_what_that_asks_for_and_no_more()
    {
        await using (var ipamd = await plane.OpenAsync())
        {
            await HoldAsync(ipamd);
            var place = Some.Lease("10.0.1.1");
            await CommitAsync(ipamd, Change.Give(new Block(BlockId.Of(place.Space, place.Address), []) { Node = "node-a" }, place));
            Assert.True(await ipamd.Nodes.PutAsync(new NodeEntry("node-a", "instance", "run", "host", "identity", 0), null, default));
            Assert.True(await ipamd.Pools.PutAsync(new Pool { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/16") }], Quotas = new Dictionary<string, long> { ["shop"] = 9 } }, default));
            Assert.True(await ipamd.Quotas.PutAsync("blue/shop", null, "stamp\n2 node-a\n1 node-b", default));
        }
        await GrantsWhatIsAskedForAsync(Forget, async store =>
        {
            var watch = await NodeWatch.BeginAsync(store.Nodes, TimeProvider.System, "node-a", default);
            var holdings = await NodeHoldings.ReadAsync(store, "node-a", default);
            var releaser = new NodeReleaser(store, watch, holdings.Places, TimeProvider.System, Random.Shared);
            Assert.True(await releaser.ReleaseAsync(new ReleaseReason(ReleaseCause.Admin, "me"), static () => { }, default));
            Assert.Equal((2, 2), (holdings.Leases, releaser.Released));
            // As after a conflict.
            Assert.Single(await store.ReadBlocksAsync([.. holdings.Places], default));
        });
    }

    [Fact]
    public async Task The_role_of_the_page_grants_what_that_asks_for_and_no_more()
    {
        await LoseNodeAsync();
        await MachineDefinitions.CreateAsync(plane.Admin);
        // The first ipamd gives a store its identity; who only looks can't.
        await using (var ipamd = await plane.OpenAsync())
        {
            await ipamd.Past.ReadAsync(default);
            await ServeHistoryAsync(ipamd);
        }
        await GrantsWhatIsAskedForAsync("ipam-web", async store =>
        {
            Assert.False((await store.Viewers!.AskAsync(KubernetesServer.NobodysToken, audience: null, default)).MayLook);
            await StoreOverview.ReadAsync(store, default);
            await store.Trends.ListAsync(default);
            await store.NodeHistories!.FindAsync(new HistoryQuestion(), default);
            await store.ReadBlocksAsync([BlockId.Of("default", Address.Parse("10.0.0.1"))], default);
            await store.NodeFacts!.ReadNodeAsync("there", default);
            Assert.NotNull(await store.PodFacts!.ReadNamespaceAsync("default", default));
            Assert.NotNull(await store.Cluster!.FindPodAsync("default", "alive", default));
            foreach (var kind in (StickyKind[])[StickyKind.StatefulSet, StickyKind.VirtualMachine])
                Assert.False(await store.Cluster.HasAsync(new StickyOwner(kind, "shop", "web-0"), default));
            await store.Cluster.ReadUidAsync(default);
            var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
            var collector = new LeakCollector(store, new CollectorOptions { By = "web" }, time, Random.Shared);
            // It asks for pods once nodes were watched for long enough.
            for (var minutes = 0; minutes < 10; minutes++)
            {
                await collector.PassAsync(static () => false, default);
                time.Advance(TimeSpan.FromMinutes(1));
            }
        });
        await MachineDefinitions.DeleteAsync(plane.Admin);
    }

    [Fact]
    public async Task The_role_of_gc_grants_what_that_asks_for_and_no_more()
    {
        await LoseNodeAsync();
        await MachineDefinitions.CreateAsync(plane.Admin);
        await GrantsWhatIsAskedForAsync("ipam-gc", async store =>
        {
            await AskForOwnersAsync(store);
            var turn = await store.Leaders.PutAsync("gc", new LeaderRecord("gc", TimeSpan.FromSeconds(15), default, default, 0), default);
            Assert.NotNull(await store.Leaders.PutAsync("gc", turn!, default));
            Assert.NotNull(await store.Leaders.FindAsync("gc", default));
            await CollectAsync(store);
            await store.Notices!.PostAsync(new Notice(NoticeSubject.Pool, "red", "AddressesReleased", "10.0.0.1"), default);
            await store.Notices.PostAsync(Released, default);
            await store.Cluster!.ReadUidAsync(default);
        });
        await MachineDefinitions.DeleteAsync(plane.Admin);
    }

    /// <summary>A node that says that it serves its history, where nobody is.</summary>
    private static async Task ServeHistoryAsync(KubernetesStore store) =>
        Assert.True(await store.Nodes.PutAsync(new NodeEntry("node-h", "instance", "run", "host", "identity", 0) { HistoryAt = "127.0.0.1:9" }, null, default));

    private static async Task AskForOwnersAsync(KubernetesStore store)
    {
        foreach (var kind in (StickyKind[])[StickyKind.StatefulSet, StickyKind.VirtualMachine, StickyKind.IPAMClaim])
            Assert.False(await store.Cluster!.HasAsync(new StickyOwner(kind, "shop", "web-0"), default));
        Assert.True(await store.Sticky.PutAsync("web-0", null, "default 10.0.0.1", default));
        Assert.True(await store.Sticky.PutAsync("web-0", "default 10.0.0.1", null, default));
    }

    /// <summary>Makes a cluster of one node and one pod, and leases of another node, which is gone.</summary>
    private async Task LoseNodeAsync()
    {
        await plane.Admin.SendAsync(HttpMethod.Post, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/nodes", """{"metadata":{"name":"there"}}""");
        await plane.Admin.MustAsync(HttpMethod.Post, "api/v1/namespaces/default/pods", """{"metadata":{"name":"alive"},"spec":{"nodeName":"there","containers":[{"name":"c","image":"i"}]}}""");
        await using var ipamd = await plane.OpenAsync();
        var lease = Some.Lease("10.0.0.1") with { Node = "gone", Pod = new PodReference("shop", "web-0", "uid") };
        await CommitAsync(ipamd, Change.Give(new Block(BlockId.Of(lease.Space, lease.Address), []) { Node = "gone" }, lease));
        // In another node's block, which stays.
        var borrowed = Some.Lease("10.0.1.1") with { Node = "gone", Owner = new Owner("net", "b", "eth0") };
        await CommitAsync(ipamd, Change.Give(new Block(BlockId.Of(borrowed.Space, borrowed.Address), []) { Node = "there" }, borrowed));
        Assert.True(await ipamd.Nodes.PutAsync(new NodeEntry("gone", "instance", "run", "host", "identity", 0) { ClusterUid = "uid" }, null, default));
    }

    /// <summary>Collects until all of the node that is gone is gone.</summary>
    private static async Task CollectAsync(KubernetesStore store)
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var collector = new LeakCollector(store, new CollectorOptions { By = "gc" }, time, Random.Shared);
        var released = new List<LeakRelease>();
        for (var minutes = 0; minutes < 30; minutes++)
        {
            released.AddRange((await collector.PassAsync(static () => true, default)).Released);
            time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(2, released.Count);
        Assert.Empty(await store.Nodes.ListAsync(default));
    }

    [Theory]
    [InlineData("ipam-node", "list", "apis/coordination.k8s.io/v1/leases")]
    [InlineData("ipam-node", "get", "apis/coordination.k8s.io/v1/namespaces/default/leases/x")]
    [InlineData("ipam-controller", "list", "apis/coordination.k8s.io/v1/leases")]
    [InlineData("ipam-controller", "get", "apis/coordination.k8s.io/v1/namespaces/default/leases/x")]
    [InlineData("ipam-gc", "list", "apis/coordination.k8s.io/v1/leases")]
    [InlineData("ipam-gc", "get", "apis/coordination.k8s.io/v1/namespaces/default/leases/x")]
    [InlineData("ipam-web", "list", "apis/coordination.k8s.io/v1/leases")]
    [InlineData("ipam-web", "get", "apis/coordination.k8s.io/v1/namespaces/default/leases/x")]
    [InlineData("ipamctl", "get", "apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler")]
    public async Task Nobody_may_look_at_the_leases_of_others(string role, string verb, string path)
    {
        using var http = await BoundToAsync(role);

        using var answer = await http.GetAsync(path);

        Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{role} may {verb} {path}: {answer.StatusCode}");
    }

    private async Task GrantsWhatIsAskedForAsync(string role, Func<KubernetesStore, Task> work)
    {
        using var http = await BoundToAsync(role);
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        var granted = await GrantedAsync(role);
        await using (var proxy = new FakeApi(request => PassOnAsync(http, request, asked)))
        {
            await using var store = await proxy.OpenAsync();
            await work(store);
            await Wait.UntilAsync(() => Watches(asked) >= Watches(granted), "the watches, which begin by themselves,");
        }

        // What is asked for in a namespace that a role can't know is granted in all.
        asked = [.. asked.Select(what => Everywhere(what) is var wide && !granted.Contains(what) && granted.Contains(wide) ? wide : what)];
        Assert.True(granted.SetEquals(asked), $"granted and not asked for: {string.Join(", ", granted.Except(asked))}; asked for and not granted: {string.Join(", ", asked.Except(granted))}");
    }

    private static string Everywhere(string what) => $"{what[..what.LastIndexOf(' ')]} {ClusterWide}";

    private static int Watches(SortedSet<string> verbs)
    {
        lock (verbs)
            return verbs.Count(static verb => verb.StartsWith("watch ", StringComparison.Ordinal));
    }

    /// <summary>Sends a request on as the user; what it says is that the user may, or why it may not.</summary>
    private static async Task<FakeReply> PassOnAsync(HttpClient http, FakeRequest request, SortedSet<string> asked)
    {
        var url = new Uri(new Uri("http://api"), request.Path);
        var isWatch = url.Query.Contains("watch=1", StringComparison.Ordinal);
        lock (asked)
            asked.Add(What(request.Method, isWatch, url.AbsolutePath));
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (request.Body.Length > 0)
            message.Content = new StringContent(request.Body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(request.Header("Content-Type")!) } };
        using var answer = await http.SendAsync(message, isWatch ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
        Assert.True(answer.StatusCode != HttpStatusCode.Forbidden, $"asked for and not granted: {What(request.Method, isWatch, url.AbsolutePath)}");
        // A server that was built without them lets through who may ask, and doesn't answer.
        if (answer.StatusCode == HttpStatusCode.NotFound && url.AbsolutePath.EndsWith("/tokenreviews", StringComparison.Ordinal))
            return new FakeReply(201, """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{},"status":{"authenticated":true,"user":{"username":"somebody"},"audiences":["history"]}}""");
        if (answer.StatusCode == HttpStatusCode.NotFound && url.AbsolutePath.EndsWith("/token", StringComparison.Ordinal))
            return new FakeReply(201, """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{},"status":{"token":"t"}}""");
        return isWatch ? FakeReply.Cut : new FakeReply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A request as the server judges it: verb, kind and where.</summary>
    private static string What(string method, bool isWatch, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        var group = parts[0] == "api" ? "" : parts[1];
        parts = parts[(parts[0] == "api" ? 2 : 3)..];
        var space = parts is ["namespaces", _, _, ..] ? parts[1] : ClusterWide;
        parts = space == ClusterWide ? parts : parts[2..];
        var verb = method switch
        {
            "GET" when isWatch => "watch",
            "GET" => parts.Length == 1 ? "list" : "get",
            "POST" => "create",
            "PUT" => "update",
            _ => method.ToLowerInvariant(),
        };
        var resource = parts.Length > 2 ? $"{parts[0]}/{parts[2]}" : parts[0];
        return $"{verb} {resource} of '{group}' {space}";
    }

    /// <summary>What the server has of the roles of a name, in the same words.</summary>
    private async Task<SortedSet<string>> GrantedAsync(string role)
    {
        var granted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (space, path) in ((string, string)[])[(ClusterWide, "clusterroles"), ("ipamsuite", "namespaces/ipamsuite/roles"), ("default", "namespaces/default/roles")])
        {
            using var json = JsonDocument.Parse(await plane.Admin.MustAsync(HttpMethod.Get, $"{Rbac}/{path}"));
            var rules = json.RootElement.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("metadata").GetProperty("name").GetString() == role)
                .SelectMany(static item => item.GetProperty("rules").EnumerateArray());
            foreach (var rule in rules)
            {
                granted.UnionWith(
                    from verb in Texts(rule, "verbs")
                    from resource in Texts(rule, "resources")
                    from @group in Texts(rule, "apiGroups")
                    select $"{verb} {resource} of '{@group}' {space}");
            }
        }
        return granted;
    }

    private static IEnumerable<string> Texts(JsonElement rule, string property) => rule.GetProperty(property).EnumerateArray().Select(static text => text.GetString()!);

    /// <summary>The API as a user sees it who has the roles of a name, and nothing else.</summary>
    private async Task<HttpClient> BoundToAsync(string role)
    {
        var user = $"only-{role}-{Guid.NewGuid():N}";
        foreach (var (kind, path) in ((string, string)[])[("ClusterRole", "clusterrolebindings"), ("Role", "namespaces/ipamsuite/rolebindings"), ("Role", "namespaces/default/rolebindings")])
        {
            await plane.Admin.MustAsync(HttpMethod.Post, $"{Rbac}/{path}", $$$"""
                {"metadata":{"name":"{{{user}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{kind}}}","name":"{{{role}}}"},
                 "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{user}}}"}]}
                """);
        }
        var http = plane.Admin.AsUser(user);
        // Until the server's authorizer has heard of both bindings; only asking tells.
        const string Leases = "apis/coordination.k8s.io/v1/namespaces/ipamsuite/leases";
        foreach (var path in (string[])["apis/ipamsuite.dev/v1alpha1/ipblocks", role == Forget ? $"{Leases}/none" : Leases])
            await Wait.UntilAsync(async () => (await http.GetAsync(path)).StatusCode != HttpStatusCode.Forbidden, $"a server that lets {user} read {path}");
        return http;
    }

    private static async Task CommitAsync(KubernetesStore store, BlockChange change) =>
        Assert.Equal(CommitStatus.Committed, Assert.Single(await store.CommitAsync([change], default)).Status);

    private static async Task<Block> HoldAsync(KubernetesStore store)
    {
        await CommitAsync(store, Change.Give(Some.NoBlock() with { Node = "node-a" }, Some.Lease("10.0.0.12")));
        return Assert.Single(await store.ReadBlocksAsync([Some.NoBlock().Id], default));
    }
}
