using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EndToEnd.Load.Churn;
using EndToEnd.Support;

namespace EndToEnd.Storm;

/// <summary>What <c>ipamctl history</c> tells of a storm, held against the answers.</summary>
internal sealed class Stories
{
    /// <summary>Events are in whole milliseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    private readonly ILookup<string, Story> _byAddress;

    private Stories(IEnumerable<Story> stories) => _byAddress = stories.ToLookup(static story => story.Address);

    /// <summary>How many leases there were.</summary>
    public int Count => _byAddress.Sum(static stories => stories.Count());

    /// <summary>Asks for all that nodes held.</summary>
    public static Stories Of(IReadOnlyList<Node> nodes) => new(nodes.SelectMany(Read));

    /// <summary>Each lease ends before the next one of its address begins.</summary>
    public void EnsureNoneOverlap()
    {
        foreach (var stories in _byAddress)
        {
            var inOrder = stories.OrderBy(static story => story.Sequence).ToList();
            // Where an end isn't known, it was before the next one began.
            foreach (var (earlier, later) in inOrder.Zip(inOrder.Skip(1)))
                Assert.True(earlier.EndIsUnknown || earlier.EndedAt <= later.BeganAt, $"{earlier} overlaps {later}");
        }
    }

    /// <summary>What a container was told that it holds, the history has for all of that time.</summary>
    public void EnsureHave(IReadOnlyList<Tenure> tenures)
    {
        var (now, ticks) = (TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
        DateTimeOffset TimeOf(long timestamp) => now - Stopwatch.GetElapsedTime(timestamp, ticks);
        foreach (var tenure in tenures)
        {
            var (from, to) = (TimeOf(tenure.From), TimeOf(tenure.To));
            Assert.True(
                _byAddress[tenure.Address].Any(story => story.Container == tenure.Container && story.BeganAt <= from + Rounding && (story.EndIsUnknown || !(story.EndedAt < to - Rounding))),
                $"{tenure}, from {from:O} to {to:O}, isn't in the history of {tenure.Address}: {string.Join("; ", _byAddress[tenure.Address].OrderBy(static story => story.Sequence))}");
        }
    }

    /// <summary>Asked where the node is: on Kubernetes it keeps its own, and the others have theirs.</summary>
    private static IEnumerable<Story> Read(Node node)
    {
        string[] command = [$"IPAM_SPOOL={node.Site.Spool}", Repository.Ipamctl, "--store", node.Site.Store, "history", node.Name, "--space", StormRun.Space, "-o", "jsonl"];
        var outcome = Command.Run(new ProcessStartInfo("env", command), stdin: "", TimeSpan.FromMinutes(2));
        var isWhole = outcome.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(static line => line.EndsWith("its ipamd doesn't serve it (--serve-history); ask on the node", StringComparison.Ordinal));
        Assert.True(outcome.ExitCode is 0 or 5 && isWhole, outcome.ToString());
        foreach (var line in outcome.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            var story = json.RootElement;
            yield return new Story(
                story.GetProperty("address").GetString()!, story.GetProperty("containerId").GetString()!, story.GetProperty("sequence").GetInt64(),
                TimeOf(story, "beganAt")!.Value, TimeOf(story, "endedAt"))
            { EndIsUnknown = story.GetProperty("end").GetString() == "unknown" };
        }
    }

    private static DateTimeOffset? TimeOf(JsonElement story, string key) =>
        story.GetProperty(key).GetString() is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    private sealed record Story(string Address, string Container, long Sequence, DateTimeOffset BeganAt, DateTimeOffset? EndedAt)
    {
        public bool EndIsUnknown { get; init; }
    }
}
