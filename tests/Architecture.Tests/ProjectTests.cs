using Architecture.Tests.Support;

namespace Architecture.Tests;

/// <summary>Projects and their tests.</summary>
public sealed class ProjectTests
{
    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_has_tests_of_its_own(string project) =>
        Assert.True(File.Exists(Path.Combine(SourceTree.Root, "tests", $"{project}.Tests", $"{project}.Tests.csproj")), $"{project} has no tests");

    [Fact]
    public void The_solution_has_every_project_under_src_and_tests()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "IpamSuite.sln")).Replace('\\', '/');

        var projects = ((ReadOnlySpan<string>)["src", "tests"]).ToArray()
            .SelectMany(static folder => Directory.GetFiles(Path.Combine(SourceTree.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(SourceTree.Root, path));
        Assert.All(projects, project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_are_in_one_place() =>
        Assert.All(
            Directory.GetFiles(SourceTree.Root, "*.csproj", SearchOption.AllDirectories),
            static path => Assert.DoesNotMatch(@"<PackageReference[^>]*\bVersion=", File.ReadAllText(path)));
}
