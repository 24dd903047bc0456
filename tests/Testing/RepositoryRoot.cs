namespace Testing;

/// <summary>The folder of the repository that these tests were built from.</summary>
public static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    /// <summary>A file or folder of the repository.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>A file's text.</summary>
    public static string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>The paths of the C# files below a folder, but for what a build made.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Folder, path))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    // Not by the path that the compiler saw: a deterministic build replaces it.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IpamSuite.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no IpamSuite.sln in {AppContext.BaseDirectory} or above it");
    }
}
