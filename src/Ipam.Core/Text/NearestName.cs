namespace Ipam.Core.Text;

/// <summary>Finds the name that was probably meant.</summary>
public static class NearestName
{
    /// <summary>As much of a name must be right to be taken for its beginning.</summary>
    private const int LeastBeginning = 4;

    /// <summary>
    /// That of <paramref name="known"/>, which is not empty, which begins with the name; else the one which takes the fewest letters to insert, delete or replace, whatever
    /// their case.
    /// </summary>
    public static string Among(IEnumerable<string> known, string name) => known.MinBy(candidate => Distance(name, candidate) is var distance && IsBeginningOf(name, candidate) ? (0, distance) : (distance, 0))!;

    /// <summary>The same; null if even that has little in common with the name: more than a third of the longer one is different.</summary>
    public static string? Like(IEnumerable<string> known, string name)
    {
        var nearest = Among(known, name);
        return IsBeginningOf(name, nearest) || 3 * Distance(name, nearest) <= Math.Max(name.Length, nearest.Length) ? nearest : null;
    }

    private static bool IsBeginningOf(string name, string candidate) =>
        name.Length >= LeastBeginning && candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
