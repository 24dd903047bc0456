using System.Text.Json;

namespace Architecture.Tests.Support;

/// <summary>What the restore of a project under src found that it depends on, directly and through others.</summary>
internal sealed class RestoredProject
{
    private RestoredProject(JsonElement assets)
    {
        var all = assets.GetProperty("targets").EnumerateObject().SelectMany(static target => target.Value.EnumerateObject()).ToList();
        Projects = Names(all.Where(static library => TypeOf(library) == "project"));
        Packages = Names(all.Where(static library => TypeOf(library) == "package" && HasContent(library.Value)));
        Frameworks =
        [
            .. assets.GetProperty("project").GetProperty("frameworks").EnumerateObject()
                .SelectMany(static framework => framework.Value.GetProperty("frameworkReferences").EnumerateObject())
                .Select(static reference => reference.Name).Distinct().Order(),
        ];
    }

    /// <summary>Other projects, transitively.</summary>
    public IReadOnlyList<string> Projects { get; }

    /// <summary>Packages that bring code along, transitively. Tools of the build bring none.</summary>
    public IReadOnlyList<string> Packages { get; }

    /// <summary>Shared frameworks.</summary>
    public IReadOnlyList<string> Frameworks { get; }

    public static RestoredProject Load(string name)
    {
        var path = Path.Combine(SourceTree.Root, "src", name, "obj", "project.assets.json");
        Assert.True(File.Exists(path), $"{path} is missing; run 'dotnet restore IpamSuite.sln' first");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new RestoredProject(document.RootElement);
    }

    private static string[] Names(IEnumerable<JsonProperty> libraries) =>
        [.. libraries.Select(static library => library.Name.Split('/')[0]).Distinct().Order()];

    private static string? TypeOf(JsonProperty library) => library.Value.GetProperty("type").GetString();

    private static bool HasContent(JsonElement library) =>
        ((ReadOnlySpan<string>)["compile", "runtime", "runtimeTargets", "native"]).ToArray().Any(kind => library.TryGetProperty(kind, out var files)
            && files.EnumerateObject().Any(static file => !file.Name.EndsWith("_._", StringComparison.Ordinal)));
}
