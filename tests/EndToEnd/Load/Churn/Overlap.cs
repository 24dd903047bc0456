namespace EndToEnd.Load.Churn;

/// <summary>Looks for addresses that two containers held at the same time.</summary>
internal static class Overlap
{
    public static void EnsureNone(IReadOnlyList<Tenure> tenures)
    {
        foreach (var address in tenures.GroupBy(static tenure => tenure.Address))
        {
            var inOrder = address.OrderBy(static tenure => tenure.From).ToList();
            foreach (var (earlier, later) in inOrder.Zip(inOrder.Skip(1)))
                Assert.True(earlier.To <= later.From, $"{earlier} overlaps {later}");
        }
    }
}
