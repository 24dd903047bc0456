using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Core.Tests.Pools;

/// <summary>For whom a pool is, beside an oracle that looks at one wish of the pool after the other, letter by letter.</summary>
public sealed class PoolAskerTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Names = ["a", "b"];
    private static readonly string[] Keys = ["k", "x/k"];
    private static readonly string[] Values = ["", "1", "2"];

    [Fact]
    public void Over_random_pools_and_askers_it_says_what_the_oracle_says()
    {
        var (admitted, refusals) = (0, new HashSet<string>());
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var (pool, asker) = (SomePool(random), SomeAsker(random));

            var (wanted, found) = (Oracle.FirstUnmet(pool, asker), asker.ObstacleOf(pool));

            if (wanted is null ? found is not null : found?.Contains(wanted, StringComparison.Ordinal) != true)
                Assert.Fail($"seed {seed}: {Text(pool, asker)}\nwanted {wanted ?? "none"}, found {found ?? "none"}");
            admitted += found is null ? 1 : 0;
            if (wanted is not null)
                refusals.Add(wanted);
        }
        // The game has met everything.
        Assert.InRange(admitted, Rounds / 50, Rounds);
        Assert.Equal(8, refusals.Count);
    }

    /// <summary>Nothing is read for nothing, and nothing is left unread that matters.</summary>
    [Fact]
    public void Labels_are_needed_exactly_where_they_make_a_difference()
    {
        var seen = new HashSet<(bool, bool)>();
        for (var seed = 0; seed < Rounds / 4; seed++)
        {
            var random = new Random(seed);
            var (pool, asker) = (SomePool(random), SomeAsker(random));
            if (asker.Pod is not { } pod)
            {
                Assert.False(asker.NeedsPodLabels(pool) || asker.NeedsNamespaceLabels(pool));
                continue;
            }
            var ofPod = new KnownLabels(pool.PodSelector.Labels);
            bool Differs(AskingPod with, AskingPod without) => (asker with { Pod = with }).ObstacleOf(pool) is null != (asker with { Pod = without }).ObstacleOf(pool) is null;

            var byNamespace = Differs(
                pod with { Labels = ofPod, NamespaceLabels = new KnownLabels(pool.NamespaceSelector.Labels) }, pod with { Labels = ofPod, NamespaceLabels = new KnownLabels(null) });
            var byPod = Differs(pod with { Labels = ofPod }, pod with { Labels = new KnownLabels(null) });

            Assert.True(byNamespace == asker.NeedsNamespaceLabels(pool), $"seed {seed}: {Text(pool, asker)}");
            Assert.True(byPod == asker.NeedsPodLabels(pool), $"seed {seed}: {Text(pool, asker)}");
            seen.Add((byNamespace, byPod));
        }
        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void A_pool_says_which_labels_it_wants_and_what_it_found()
    {
        var pool = Blue with { PodSelector = Selector(("app", "web"), ("team", "blue"), ("old", "")) };
        var pod = new AskingPod("shop", "web-0") { Labels = Known(("team", "red"), ("old", ""), ("other", "x")) };

        Assert.Equal(
            "pool blue is for pods with the labels app=web, team=blue, old=, and pod shop/web-0 has no app and team=red (see its podSelector)",
            new PoolAsker("node-a", new Dictionary<string, string>()) { Pod = pod }.ObstacleOf(pool));
        Assert.Equal(
            "pool blue is for namespaces with the labels tier=gold, and those of namespace shop aren't known: nobody asked for them (see its namespaceSelector)",
            new PoolAsker("node-a", new Dictionary<string, string>()) { Pod = pod }.ObstacleOf(Blue with { NamespaceSelector = Selector(("tier", "gold")) }));
    }

    [Fact]
    public void Any_pod_and_any_network_are_asked_nothing()
    {
        var pool = Blue with { PodSelector = Selector(("app", "web")), NamespaceSelector = Selector(("tier", "gold")), Namespaces = ["shop"], Networks = ["pods"] };
        var anybody = new PoolAsker("node-a", new Dictionary<string, string>());

        Assert.Null(anybody.ObstacleOf(pool));
        Assert.Equal("pool blue is for networks pods, not storage", (anybody with { Network = "storage" }).ObstacleOf(pool));
    }

    private static Pool Blue => new() { Name = "blue", Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/24") }] };

    private static LabelSelector Selector(params (string Key, string Value)[] labels) => new() { Labels = labels.ToDictionary(static label => label.Key, static label => label.Value) };

    private static KnownLabels Known(params (string Key, string Value)[] labels) => new(Selector(labels).Labels);

    private static Pool SomePool(Random random) => Blue with
    {
        IsBeingDeleted = random.Next(20) == 0,
        IsDisabled = random.Next(20) == 0,
        NodeSelector = new NodeSelector { Nodes = SomeNames(random), Labels = SomeLabels(random, 4) },
        Networks = SomeNames(random),
        Namespaces = SomeNames(random),
        NamespaceSelector = new LabelSelector { Labels = SomeLabels(random, 2) },
        PodSelector = new LabelSelector { Labels = SomeLabels(random, 2) },
    };

    private static PoolAsker SomeAsker(Random random) => new(Names[random.Next(2)], SomeLabels(random, 1))
    {
        Network = random.Next(4) == 0 ? null : Names[random.Next(2)],
        Pod = random.Next(4) == 0 ? null : new AskingPod(random.Next(6) == 0 ? null : Names[random.Next(2)], "p")
        {
            Labels = SomeKnown(random),
            NamespaceLabels = SomeKnown(random),
        },
    };

    private static string[] SomeNames(Random random) => random.Next(2) == 0 ? [] : [.. Names.Where(_ => random.Next(3) > 0)];

    private static KnownLabels SomeKnown(Random random) => random.Next(6) == 0 ? new KnownLabels(null, "the moon is full") : new KnownLabels(SomeLabels(random, 1));

    private static Dictionary<string, string> SomeLabels(Random random, int rare) =>
        Keys.Where(_ => random.Next(2 * rare) < 2).Where(_ => random.Next(4) > 0).ToDictionary(static key => key, _ => Values[random.Next(Values.Length)]);

    private static string Text(Pool pool, PoolAsker asker)
    {
        var text = new StringBuilder();
        text.Append($"deleted {pool.IsBeingDeleted}, disabled {pool.IsDisabled}, nodes [{string.Join(' ', pool.NodeSelector.Nodes)}] [{pool.NodeSelector.LabelText}], ");
        text.Append($"networks [{string.Join(' ', pool.Networks)}], namespaces [{string.Join(' ', pool.Namespaces)}] [{pool.NamespaceSelector.LabelText}], pods [{pool.PodSelector.LabelText}]; ");
        text.Append($"node {asker.Node} [{string.Join(' ', asker.NodeLabels)}], network {asker.Network}, namespace {asker.Pod?.Namespace}, pod {(asker.Pod is null ? "any" : "one")} ");
        return text.Append($"{Text(asker.Pod?.Labels)} {Text(asker.Pod?.NamespaceLabels)}").ToString();
    }

    private static string Text(KnownLabels? known) => known?.Labels is { } labels ? $"[{string.Join(' ', labels)}]" : "unknown";

    /// <summary>Slow, and obviously right.</summary>
    private static class Oracle
    {
        /// <summary>A word of the message about the first thing that the pool wants and doesn't find; null if it finds all.</summary>
        public static string? FirstUnmet(Pool pool, PoolAsker asker)
        {
            if (pool.IsBeingDeleted)
                return "is being deleted";
            if (pool.IsDisabled)
                return "is disabled";
            if (!Lists(pool.NodeSelector.Nodes, asker.Node))
                return "is not for node";
            if (!HasAll(asker.NodeLabels, pool.NodeSelector.Labels))
                return "is for nodes with the labels";
            if (asker.Network is not null && !Lists(pool.Networks, asker.Network))
                return "is for networks";
            if (asker.Pod is null)
                return null;
            if (!Lists(pool.Namespaces, asker.Pod.Namespace))
                return "is for pods of namespaces";
            if (!HasAll(asker.Pod.NamespaceLabels.Labels, pool.NamespaceSelector.Labels))
                return "is for namespaces with the labels";
            return HasAll(asker.Pod.Labels.Labels, pool.PodSelector.Labels) ? null : "is for pods with the labels";
        }

        private static bool Lists(IReadOnlyList<string> names, string? wanted)
        {
            var isListed = names.Count == 0;
            foreach (var name in names)
                isListed |= string.Equals(name, wanted, StringComparison.Ordinal);
            return isListed;
        }

        private static bool HasAll(IReadOnlyDictionary<string, string>? found, IReadOnlyDictionary<string, string> wanted)
        {
            foreach (var (key, value) in wanted)
            {
                var isThere = false;
                foreach (var label in found ?? new Dictionary<string, string>())
                    isThere |= label.Key == key && label.Value == value;
                if (!isThere)
                    return false;
            }
            return true;
        }
    }
}
