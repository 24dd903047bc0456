namespace Ipam.Service.Tests.Support;

/// <summary>The sources and documents that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The C# files below a folder that aren't made by a build.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Root, path))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    // Not by the path that the compiler saw: a deterministic build replaces it.
    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IpamSuite.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("IpamSuite.sln is in none of the folders above the tests");
        return folder.FullName;
    }
}
