using Cni.Protocol;
using Ipam.Configuration.Pods;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Tests.Pods;

/// <summary>What is read of a pod and its namespace, how often, and what is made of it.</summary>
public sealed class PodLookupTests
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly Pool Open = new() { Name = "open", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/24") }] };
    private static readonly Pool ForWeb = Open with { Name = "web", PodSelector = Selector("app", "web") };
    private static readonly Pool ForGold = Open with { Name = "gold", NamespaceSelector = Selector("tier", "gold") };
    private static readonly AskingPod Pod = new("shop", "web-0", "uid-1");
    private static readonly IpamConfiguration Plain = Configuration("");
    private static readonly IpamConfiguration Choosing = Configuration(""", "podAnnotations": true """);

    private readonly Cluster _cluster = new();
    private readonly PassingTime _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly PodLookup _lookup;

    public PodLookupTests()
    {
        _lookup = new PodLookup(_cluster, _time);
        _cluster.Pods["shop/web-0"] = new ObjectFacts(["uid-1", "hash"], new Dictionary<string, string> { ["app"] = "web" });
        _cluster.Namespaces["shop"] = new ObjectFacts(["uid-2"], new Dictionary<string, string> { ["tier"] = "gold" });
    }

    [Fact]
    public async Task What_no_pool_asks_for_is_not_read()
    {
        await ObstacleAsync(Pod, Open);
        await ObstacleAsync(Pod, ForWeb with { IsDisabled = true }, ForGold with { Namespaces = ["lab"] }, ForWeb with { Networks = ["storage"] });
        Assert.Null(await ObstacleAsync(null, ForWeb));
        Assert.Equal((0, 0), (_cluster.PodReads, _cluster.NamespaceReads));

        // Not if its namespace keeps it out already.
        Assert.Contains("namespaceSelector", await ObstacleAsync(Pod, ForWeb with { NamespaceSelector = Selector("tier", "silver") }), StringComparison.Ordinal);
        Assert.Equal((0, 1), (_cluster.PodReads, _cluster.NamespaceReads));
    }

    [Fact]
    public async Task A_pod_is_read_each_time_and_its_namespace_once_in_a_while()
    {
        for (var i = 1; i <= 3; i++)
        {
            Assert.Null(await ObstacleAsync(Pod, ForWeb, ForGold, ForGold));
            Assert.Equal((i, 1), (_cluster.PodReads, _cluster.NamespaceReads));
        }
        _cluster.Namespaces["shop"] = new ObjectFacts(["uid-2"], new Dictionary<string, string> { ["tier"] = "silver" });
        _cluster.Pods["shop/web-0"] = new ObjectFacts(["uid-1"], None);
        Assert.EndsWith("and pod shop/web-0 has no app (see its podSelector)", await ObstacleAsync(Pod, ForWeb), StringComparison.Ordinal);
        Assert.Null(await ObstacleAsync(Pod, ForGold));

        _time.Pass(TimeSpan.FromSeconds(3));

        Assert.EndsWith("and namespace shop has tier=silver (see its namespaceSelector)", await ObstacleAsync(Pod, ForGold), StringComparison.Ordinal);
        Assert.Equal(2, _cluster.NamespaceReads);
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_a_read_and_one_who_gives_up_leaves_it_to_the_others()
    {
        var answer = _cluster.HoldNamespaces();
        using var impatient = new CancellationTokenSource();
        var first = ObstacleAsync(Pod, impatient.Token, ForGold);
        var others = Enumerable.Range(0, 8).Select(_ => ObstacleAsync(Pod, ForGold)).ToList();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();

        Assert.All(await Task.WhenAll(others), Assert.Null);
        Assert.Equal(1, _cluster.NamespaceReads);
    }

    [Fact]
    public async Task A_read_that_fails_is_a_fault_that_says_what_was_read_and_is_tried_anew()
    {
        _cluster.Fault = new StoreException("https://api can't be reached");

        foreach (var (pool, what) in ((Pool, string)[])[(ForWeb, "pod shop/web-0"), (ForGold, "namespace shop")])
        {
            var fault = await Assert.ThrowsAsync<StoreException>(() => ObstacleAsync(Pod, pool));
            Assert.Equal($"{what} can't be read, on which it depends what pools hand out: https://api can't be reached", fault.Message);
        }

        _cluster.Fault = null;
        Assert.Null(await ObstacleAsync(Pod, ForWeb, ForGold));
    }

    [Theory]
    [InlineData("shop", "web-0", null, null)]
    [InlineData("shop", "web-0", "hash", null)]
    [InlineData("shop", "web-0", "uid-0", "the cluster's pod of this name is another one, with UID uid-1 and not uid-0")]
    [InlineData("shop", "web-1", null, "the cluster has no such pod")]
    [InlineData("lab", "web-0", null, "the cluster has no such pod")]
    [InlineData("shop", null, null, "the runtime named no pod (K8S_POD_NAMESPACE and K8S_POD_NAME of CNI_ARGS)")]
    public async Task Only_the_labels_of_the_very_pod_count(string? space, string? name, string? uid, string? why)
    {
        var obstacle = await ObstacleAsync(new AskingPod(space, name, uid), ForWeb);

        Assert.True(why is null ? obstacle is null : obstacle!.Contains($"aren't known: {why} (see its podSelector)", StringComparison.Ordinal), obstacle);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_has_no_labels_and_is_looked_for_again()
    {
        Assert.Contains("those of namespace new aren't known: the cluster has no such namespace", await ObstacleAsync(new AskingPod("new"), ForGold), StringComparison.Ordinal);
        Assert.Contains("the runtime named no pod", await ObstacleAsync(new AskingPod(null), ForGold), StringComparison.Ordinal);

        _cluster.Namespaces["new"] = _cluster.Namespaces["shop"];
        Assert.Null(await ObstacleAsync(new AskingPod("new"), ForGold));
    }

    [Fact]
    public async Task Without_a_cluster_nobody_has_labels()
    {
        var lookup = new PodLookup(null, _time);
        foreach (var pool in (Pool[])[ForWeb, ForGold])
        {
            var asker = await lookup.Begin(Plain, Pod).CompleteAsync(new PoolAsker("node-a", None) { Pod = Pod }, [pool], default);
            Assert.Contains("aren't known: the store belongs to no Kubernetes cluster", asker.ObstacleOf(pool), StringComparison.Ordinal);
        }
        Assert.StartsWith("ipam: podAnnotations are those of pods of a Kubernetes cluster, and the store belongs to none",
            Assert.Throws<CniException>(() => lookup.Begin(Choosing, Pod)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("blue,green", null, "annotation ipamsuite.dev/pools of pod shop/web-0: blue green")]
    [InlineData(" blue , green ", "red", "annotation ipamsuite.dev/pools of pod shop/web-0: blue green")]
    [InlineData(null, "red", "annotation ipamsuite.dev/pools of namespace shop: red")]
    [InlineData("", "red", "annotation ipamsuite.dev/pools of namespace shop: red")]
    [InlineData(" ", "", null)]
    public async Task The_pods_annotation_counts_before_its_namespaces(string? ofPod, string? ofNamespace, string? choice)
    {
        _cluster.Pods["shop/web-0"] = _cluster.Pods["shop/web-0"] with { Pools = ofPod };
        _cluster.Namespaces["shop"] = _cluster.Namespaces["shop"] with { Pools = ofNamespace };

        var found = await _lookup.Begin(Choosing, Pod).ChoiceAsync(default);

        Assert.Equal(choice, found is null ? null : $"{found.Source}: {string.Join(' ', found.Pools)}");
        Assert.Null(await _lookup.Begin(Plain, Pod).ChoiceAsync(default));
        Assert.Null(await _lookup.Begin(Choosing, null).ChoiceAsync(default));
        Assert.Null(await _lookup.Begin(Choosing, new AskingPod(null)).ChoiceAsync(default));
        Assert.Equal(1, _cluster.PodReads);
        Assert.Equal(string.IsNullOrWhiteSpace(ofPod) ? 1 : 0, _cluster.NamespaceReads);
    }

    [Fact]
    public async Task A_pod_whose_annotation_and_labels_count_is_read_once()
    {
        _cluster.Pods["shop/web-0"] = _cluster.Pods["shop/web-0"] with { Pools = "web" };
        var look = _lookup.Begin(Choosing, Pod);

        Assert.Equal("web", Assert.Single((await look.ChoiceAsync(default))!.Pools));
        var asker = await look.CompleteAsync(new PoolAsker("node-a", None) { Pod = Pod }, [ForWeb], default);

        Assert.Null(asker.ObstacleOf(ForWeb));
        Assert.Equal((1, 0), (_cluster.PodReads, _cluster.NamespaceReads));
    }

    [Theory]
    [InlineData("[\"blue\"]", "\"[\"blue\"]\" is no name for a pool")]
    [InlineData("blue,", "\"\" is no name for a pool")]
    [InlineData("blue green", "\"blue green\" is no name for a pool")]
    [InlineData("Blue", "\"Blue\" is no name for a pool")]
    public async Task What_names_no_pools_is_refused(string annotation, string why)
    {
        _cluster.Pods["shop/web-0"] = _cluster.Pods["shop/web-0"] with { Pools = annotation };

        var refusal = await Assert.ThrowsAsync<CniException>(() => _lookup.Begin(Choosing, Pod).ChoiceAsync(default));

        Assert.Equal((101, $"annotation ipamsuite.dev/pools of pod shop/web-0: {why}", "wanted are names with commas between them, such as blue,green"),
            (refusal.Error.Code, refusal.Error.Message, refusal.Error.Details));
    }

    [Fact]
    public void More_pools_than_a_configuration_may_name_are_refused()
    {
        Assert.Equal(64, PoolChoice.Read(string.Join(',', Enumerable.Repeat("a", 64)), "pod a/b")!.Pools.Count);
        var refusal = Assert.Throws<CniException>(() => PoolChoice.Read(string.Join(',', Enumerable.Repeat("a", 65)), "pod a/b"));
        Assert.Equal("annotation ipamsuite.dev/pools of pod a/b: it has 65 names, and at most 64 are taken", refusal.Error.Message);
    }

    [Theory]
    [InlineData("web-1", null, "the cluster has no such pod")]
    [InlineData("web-0", "uid-0", "the cluster's pod of this name is another one, with UID uid-1 and not uid-0")]
    public async Task A_pod_that_is_not_there_does_not_count_as_one_that_chooses_nothing(string name, string? uid, string why)
    {
        var refusal = await Assert.ThrowsAsync<CniException>(() => _lookup.Begin(Choosing, new AskingPod("shop", name, uid)).ChoiceAsync(default));

        Assert.Equal((11, $"which pools pod shop/{name} chooses by its annotation isn't known: {why}"), (refusal.Error.Code, refusal.Error.Message));
    }

    /// <summary>The first obstacle that the pod meets.</summary>
    private Task<string?> ObstacleAsync(AskingPod? pod, params Pool[] pools) => ObstacleAsync(pod, CancellationToken.None, pools);

    private async Task<string?> ObstacleAsync(AskingPod? pod, CancellationToken cancellationToken, params Pool[] pools)
    {
        var asker = await _lookup.Begin(Plain, pod).CompleteAsync(new PoolAsker("node-a", None) { Network = "pods", Pod = pod }, pools, cancellationToken);
        return pools.Select(asker.ObstacleOf).FirstOrDefault(static obstacle => obstacle is not null);
    }

    private static IpamConfiguration Configuration(string more) => IpamConfigurationReader.Read(ParsedNetwork.Of($""" "pools": ["any"]{more} """));

    private static LabelSelector Selector(string key, string value) => new() { Labels = new Dictionary<string, string> { [key] = value } };

    /// <summary>A cluster that counts who asks.</summary>
    private sealed class Cluster : IPodFacts
    {
        private TaskCompletionSource? _held;
        private int _namespaceReads;

        public Dictionary<string, ObjectFacts> Pods { get; } = [];

        public Dictionary<string, ObjectFacts> Namespaces { get; } = [];

        public StoreException? Fault { get; set; }

        public int PodReads { get; private set; }

        public int NamespaceReads => _namespaceReads;

        public TaskCompletionSource HoldNamespaces() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ObjectFacts?> ReadPodAsync(string @namespace, string name, CancellationToken cancellationToken)
        {
            PodReads++;
            return Fault is null ? Task.FromResult(Pods.GetValueOrDefault($"{@namespace}/{name}")) : Task.FromException<ObjectFacts?>(Fault);
        }

        public async Task<ObjectFacts?> ReadNamespaceAsync(string name, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _namespaceReads);
            if (_held is { } held)
                await held.Task;
            return Fault is null ? Namespaces.GetValueOrDefault(name) : throw Fault;
        }
    }
}
