using System.Text.RegularExpressions;

namespace Architecture.Tests.Support;

/// <summary>The repository as it lies on disk.</summary>
internal static class SourceTree
{
    public static string Root => RepositoryRoot.Folder;

    /// <summary>Names of the projects under src.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(static path => Path.GetFileNameWithoutExtension(path)!).Order()];

    /// <summary>The text of a project under src.</summary>
    public static string ProjectFile(string project) => RepositoryRoot.Read($"src/{project}/{project}.csproj");

    /// <summary>The name of a project's assembly.</summary>
    public static string AssemblyName(string project) =>
        Regex.Match(ProjectFile(project), "<AssemblyName>(.+?)</AssemblyName>") is { Success: true } named ? named.Groups[1].Value : project;

    /// <summary>All C# files under a folder, but for what the compiler made.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder) =>
        [.. RepositoryRoot.Sources(folder).Select(static path => new SourceFile(path, RepositoryRoot.Read(path)))];
}
