namespace Ipam.Cli.Output;

/// <summary>A list in a cell of a table that isn't to become too wide.</summary>
internal static class FewOf
{
    private const int Most = 3;

    /// <summary>The texts, or the first two of them and how many more there are.</summary>
    public static string These(IReadOnlyCollection<string> texts) => texts.Count <= Most
        ? string.Join(',', texts)
        : $"{string.Join(',', texts.Take(Most - 1))},+{texts.Count - Most + 1}";
}
