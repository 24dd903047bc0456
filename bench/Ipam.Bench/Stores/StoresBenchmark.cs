namespace Ipam.Bench.Stores;

/// <summary>
/// The stores, one after the other: one node and eight of them, each time without leases and with many, which take turns, so that what
/// else the machine does meets both.
/// </summary>
internal static class StoresBenchmark
{
    private const int Rounds = 5;
    private const int Filled = 50_000;

    public static void Run(string[] kinds)
    {
        foreach (var kind in StoreKinds.Of(kinds, "sqlite", "redis", "kubernetes"))
        {
            Measure(kind, 1);
            Measure(kind, 8);
        }
    }

    private static void Measure(string kind, int count)
    {
        // An API server is slower; it has as much time.
        var calls = kind == "kubernetes" ? 3_000 : 12_000;
        using var empty = new StoreNodes(kind, count);
        using var filled = new StoreNodes(kind, count);
        StoreFigures.WarmUp(empty, calls);
        StoreFigures.WarmUp(filled, calls);
        filled.Load("add", "filled", Filled);

        StoreFigures.Compare($"{kind}, {(count == 1 ? "1 node" : $"{count} nodes")}", (empty, "no leases"), (filled, $"{Filled:N0}"), calls, Rounds);
        if (count > 1)
            SharingBenchmark.Measure(kind, empty);
    }
}
