namespace Ipam.Service.Tests.Support;

/// <summary>The sources and documents that these tests were built from.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Folder;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The C# files below a folder that aren't made by a build.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Root, path))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);
}
