using Architecture.Tests.Support;

namespace Architecture.Tests;

/// <summary>
/// The folders of a project stand on floors: a folder uses those below it, never one that uses it in turn. Read off the compiled
/// assemblies, so constants, which the compiler copies, don't count.
/// </summary>
public sealed class FloorTests
{
    /// <summary>Ipam.Core from the ground up: a folder uses only those on lower floors.</summary>
    private static readonly string[][] FloorsOfTheCore =
    [
        ["Addresses", "Text"],
        ["Blocks"],
        ["Pools", "History"],
        ["Stores", "Trends"],
        ["Ledger"],
        ["Allocation"],
        ["Recovery", "Administration", "Imports", "Reconciliation", "Leadership", "Quotas"],
        ["GarbageCollection"],
    ];

    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_of_a_project_use_each_other_in_a_circle(string project) =>
        Offenders.EnsureNone(Circles(FolderUses.Of(project)), $"these folders of {project} use each other");

    [Fact]
    public void The_folders_of_the_core_use_only_those_on_lower_floors()
    {
        var uses = FolderUses.Of("Ipam.Core");
        int FloorOf(string folder) => Array.FindIndex(FloorsOfTheCore, floor => floor.Contains(folder));

        Offenders.EnsureNone(uses.Keys.Where(folder => FloorOf(folder) < 0), $"these folders have no floor yet: say in {nameof(FloorTests)} which");
        Offenders.EnsureNone(
            uses.SelectMany(static folder => folder.Value, static (folder, use) => (From: folder.Key, Use: use))
                .Where(pair => FloorOf(pair.Use.Folder) >= FloorOf(pair.From))
                .Select(static pair => $"{pair.From} uses {pair.Use.Type} of {pair.Use.Folder}"),
            "these uses go up or sideways");
    }

    [Fact]
    public void A_circle_is_found_however_long_it_is()
    {
        Dictionary<string, HashSet<FolderUse>> uses = new()
        {
            ["a"] = [new("b", "B")],
            ["b"] = [new("c", "C"), new("d", "D")],
            ["c"] = [new("a", "A")],
            ["d"] = [],
        };
        Assert.Equal(["a -> b: B\nb -> c: C\nc -> a: A"], Circles(uses));
        uses["c"].Clear();
        Assert.Empty(Circles(uses));
    }

    /// <summary>For each set of folders that reach each other: the uses that tie them.</summary>
    private static IEnumerable<string> Circles(IReadOnlyDictionary<string, HashSet<FolderUse>> uses)
    {
        var reached = uses.Keys.ToDictionary(static folder => folder, folder => Reached(uses, folder));
        return uses.Keys
            .Where(folder => reached[folder].Contains(folder))
            .GroupBy(folder => string.Join(' ', reached[folder].Where(other => reached[other].Contains(folder)).Order(StringComparer.Ordinal)))
            .Select(circle => string.Join('\n', circle.Order(StringComparer.Ordinal).SelectMany(folder => uses[folder]
                .Where(use => circle.Contains(use.Folder))
                .GroupBy(static use => use.Folder)
                .Select(ties => $"{folder} -> {ties.Key}: {string.Join(", ", ties.Select(static use => use.Type))}"))));
    }

    private static HashSet<string> Reached(IReadOnlyDictionary<string, HashSet<FolderUse>> uses, string from)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>([from]);
        while (next.TryPop(out var folder))
        {
            foreach (var use in uses.GetValueOrDefault(folder) ?? [])
            {
                if (reached.Add(use.Folder))
                    next.Push(use.Folder);
            }
        }
        return reached;
    }
}
