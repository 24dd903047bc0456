using Architecture.Tests.Support;

namespace Architecture.Tests;

/// <summary>Which way the arrows point, transitively.</summary>
public sealed class ArrowTests
{
    private static readonly string[] ForSqlite =
        ["Microsoft.EntityFrameworkCore", "Microsoft.Data.Sqlite", "Microsoft.Extensions.", "SQLitePCLRaw."];

    private static readonly string[] ForStores = [.. ForSqlite, "StackExchange.Redis", "RESPite", "System.IO.Hashing", "KubernetesClient", "Fractions", "YamlDotNet"];

    /// <summary>For each project: the projects and (by the beginnings of their names) the packages that it may depend on.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new()
    {
        ["Cni.Protocol"] = ([], []),
        ["Ipam.Core"] = ([], []),
        ["Ipam.Configuration"] = (["Cni.Protocol", "Ipam.Core"], []),
        ["Ipam.Stores"] = (["Ipam.Core"], ForStores),
        ["Ipam.Service"] = (["Cni.Protocol", "Ipam.Configuration", "Ipam.Core", "Ipam.Stores"], [.. ForStores, "prometheus-net"]),
        ["Ipam.Cli"] = (["Cni.Protocol", "Ipam.Configuration", "Ipam.Core", "Ipam.Stores"], [.. ForStores, "Spectre.Console", "Spectre.Console.Ansi", "System.CommandLine"]),
        ["Ipam.Web"] = (["Cni.Protocol", "Ipam.Configuration", "Ipam.Core", "Ipam.Stores"], [.. ForStores, "System.CommandLine"]),
        ["Ipam.Plugin"] = (["Cni.Protocol"], []),
        ["Net.Plugin"] = (["Cni.Protocol"], []),
    };

    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_depends_on_nothing_but_what_it_may(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is new: say in {nameof(ArrowTests)} what it may depend on");
        var restored = RestoredProject.Load(project);

        Offenders.EnsureNone(restored.Projects.Except(allowed.Projects), $"{project} must not depend on these projects");
        Offenders.EnsureNone(
            restored.Packages.Where(package => !Array.Exists(allowed.Packages, start => package.StartsWith(start, StringComparison.Ordinal))),
            $"{project} must not depend on these packages");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_programs_that_serve_have_the_web_framework(string project) =>
        Assert.Equal(
            project is "Ipam.Service" or "Ipam.Web" ? ["Microsoft.AspNetCore.App", "Microsoft.NETCore.App"] : ["Microsoft.NETCore.App"],
            RestoredProject.Load(project).Frameworks);

    [Theory]
    [InlineData("src/Net.Plugin", @"\bIpam\.[A-Z]")]
    [InlineData("src/Cni.Protocol", @"\b(Ipam|Net)\.(Core|Stores|Service|Plugin|Cli|Web)\b")]
    [InlineData("src/Ipam.Core", @"\bCni\.|\bIpam\.(Stores|Service|Plugin|Cli|Web)\b")]
    public void No_source_names_what_its_project_must_not_know(string folder, string pattern) => EnsureNoneUses(folder, pattern);

    [Fact]
    public void No_store_knows_another()
    {
        string[] stores = ["Sqlite", "Redis", "Kubernetes"];
        foreach (var store in stores.Where(static store => Directory.Exists(Path.Combine(SourceTree.Root, "src/Ipam.Stores", store))))
            EnsureNoneUses($"src/Ipam.Stores/{store}", $@"\bStores\.({string.Join('|', stores.Except([store]))})\b");
    }

    [Theory]
    [InlineData("src/Ipam.Core", @"\b(File|Directory|Path|Console|Process|Environment)\.|\b(FileStream|Socket|HttpClient|Process)\b")]
    [InlineData("src/Shared", @"\b(File|Directory|Console|Process|Environment)\.")]
    public void The_core_does_no_IO(string folder, string pattern) => EnsureNoneUses(folder, pattern);

    [Theory]
    [InlineData("src/Cni.Protocol")]
    [InlineData("src/Ipam.Plugin")]
    [InlineData("src/Net.Plugin")]
    public void Plugins_are_synchronous_and_do_without_HTTP_clients(string folder) =>
        EnsureNoneUses(folder, @"\basync\b|\bawait\b|\bTask\b|\bThreadPool\b|\bHttpClient\b|System\.Net\.Http");

    private static void EnsureNoneUses(string folder, string pattern) =>
        Offenders.EnsureNoFileUses(SourceTree.Files(folder), pattern);
}
