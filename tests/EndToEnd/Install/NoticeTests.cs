using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using EndToEnd.Support;

namespace EndToEnd.Install;

/// <summary>artifacts/NOTICE, which goes with all that is handed on.</summary>
public sealed class NoticeTests : WholeMachineTests, IDisposable
{
    private static readonly string Packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");

    private readonly TempFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void It_names_every_package_and_has_the_text_of_every_licence()
    {
        Assert.Equal(0, Make().ExitCode);
        var notice = File.ReadAllText(Path.Combine(Repository.Artifacts, "NOTICE"));

        var packages = ((string[])["ipamd", "ipamctl", "ipam-web"]).SelectMany(PackagesOf).Distinct().ToList();
        Assert.InRange(packages.Count, 10, 200);
        Assert.All(packages, package => Assert.Contains($"\n{package.Replace('/', ' ')}: ", notice, StringComparison.Ordinal));
        Assert.Contains("\nYamlDotNet 18.0.0: MIT. Copyright (c) Antoine Aubry and contributors\n", notice, StringComparison.Ordinal);
        foreach (var text in (string[])["LICENSE", "licenses/MIT.txt", "licenses/musl.txt", "licenses/LGPL-2.1-or-later.txt"])
            Assert.Contains(RepositoryRoot.Read(text), notice, StringComparison.Ordinal);
        // What packages bring themselves, once for all that bring the same.
        Assert.Contains("\nWhat comes with Fractions 8.3.2:\n\nCopyright (c) 2013-2025, Daniel Mueller", notice, StringComparison.Ordinal);
        Assert.Contains("\nWhat comes with Microsoft.Extensions.Caching.Abstractions 10.0.15, Microsoft.Extensions.Caching.Memory 10.0.15, ", notice, StringComparison.Ordinal);
        Assert.Contains("\nWhat comes with .NET ", notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<license type=\"expression\">Zlib</license>", "there is no licenses/Zlib.txt, the text of the licence Zlib")]
    [InlineData("<license type=\"expression\">MIT AND (Zlib OR MIT)</license>", "there is no licenses/Zlib.txt, the text of the licence Zlib")]
    [InlineData("<authors>Nobody</authors>", "fractions.nuspec names no licence")]
    public void A_licence_without_its_text_is_not_handed_on(string licence, string expected)
    {
        var linker = $"runtime.{RuntimeInformation.RuntimeIdentifier}.microsoft.dotnet.ilcompiler";
        Directory.CreateSymbolicLink(_cache.Combine(linker), Path.Combine(Packages, linker));
        var package = PackagesOf("ipamctl").Single(static name => name.StartsWith("Fractions/", StringComparison.Ordinal)).ToLowerInvariant();
        Directory.CreateDirectory(_cache.Combine(package));
        _cache.Write($"{package}/fractions.nuspec", $"<package>\n{licence}\n</package>\n");
        var before = File.GetLastWriteTimeUtc(Path.Combine(Repository.Artifacts, "NOTICE"));

        var outcome = Make(_cache.Path);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(expected, outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(Repository.Artifacts, "NOTICE")));
    }

    private static IEnumerable<string> PackagesOf(string program)
    {
        using var list = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Artifacts, program, $"{program}.deps.json")));
        return [.. list.RootElement.GetProperty("libraries").EnumerateObject().Where(static library => library.Value.GetProperty("type").GetString() == "package").Select(static library => library.Name)];
    }

    private static CommandOutcome Make(string? cache = null)
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathOf("eng/notice.sh"));
        if (cache is not null)
            start.Environment["NUGET_PACKAGES"] = cache;
        return Command.Run(start, "", TimeSpan.FromMinutes(5));
    }
}
