namespace Architecture.Tests.Support;

/// <summary>Fails with the list of those that break a rule.</summary>
internal static class Offenders
{
    public static void EnsureNone<T>(IEnumerable<T> offenders, string rule)
    {
        var list = offenders.ToList();
        Assert.True(list.Count == 0, $"{rule}:\n{string.Join('\n', list)}");
    }

    public static void EnsureNoFileUses(IEnumerable<SourceFile> files, string pattern) =>
        EnsureNone(files.Where(file => file.Uses(pattern)), $"these files use {pattern}");
}
