namespace Net.Plugin;

/// <summary>
/// What <c>Select</c> of System.Linq does. That is a generic virtual method, for which the runtime's type loader comes into the program: 70
/// types more to be set up at each start, a fifth of all.
/// </summary>
internal static class Mapping
{
    /// <summary>A list of what <paramref name="map"/> makes of each item.</summary>
    public static List<TResult> Map<T, TResult>(this IEnumerable<T> items, Func<T, TResult> map)
    {
        var results = new List<TResult>();
        foreach (var item in items)
            results.Add(map(item));
        return results;
    }
}
