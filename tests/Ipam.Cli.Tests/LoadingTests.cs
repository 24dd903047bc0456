using System.Diagnostics;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests;

/// <summary>
/// What a store brings is loaded for that store only: KubernetesClient alone has hundreds of types. What lays tables out is loaded for a terminal only, and EF Core for those that write. Shown on a
/// program in which their files are empty, so that nobody can load them.
/// </summary>
public sealed class LoadingTests : CommandTest
{
    private static readonly string[] Empty =
    [
        "KubernetesClient.dll", "Spectre.Console.dll", "Spectre.Console.Ansi.dll",
        "Microsoft.EntityFrameworkCore.dll", "Microsoft.EntityFrameworkCore.Relational.dll", "Microsoft.EntityFrameworkCore.Sqlite.dll",
    ];

    [Theory]
    [InlineData("--help", 0, "Usage:")]
    [InlineData("lease list --store DATABASE", 0, "10.0.0.9")]
    [InlineData("space list --store redis://127.0.0.1:1/0", 1, "Redis store redis://127.0.0.1:1/0")]
    [InlineData("space list --store kubernetes:FOLDER/kubeconfig", 1, "Could not load file or assembly 'KubernetesClient")]
    public async Task What_the_work_does_not_need_is_not_loaded(string arguments, int exitCode, string expected)
    {
        using var folder = new TempFolder();
        Take(folder);
        await GiveAsync(Some.Lease("10.0.0.9"));
        var words = arguments.Replace("FOLDER", folder.Path, StringComparison.Ordinal).Replace("DATABASE", DatabaseUrl, StringComparison.Ordinal).Split(' ');

        var start = new ProcessStartInfo("dotnet", ["exec", folder.Combine("ipamctl.dll"), .. words]);
        var outcome = Command.Run(start, null, Command.DefaultPatience);

        Assert.True(exitCode == outcome.ExitCode, outcome.ToString());
        Assert.Contains(expected, outcome.Stdout + outcome.Stderr, StringComparison.Ordinal);
    }

    private static void Take(TempFolder folder)
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            // Where a program is counts after its links are followed.
            if (Path.GetFileName(file).StartsWith("ipamctl.", StringComparison.Ordinal))
                File.Copy(file, folder.Combine(Path.GetFileName(file)));
            else if (!Empty.Contains(Path.GetFileName(file)))
                File.CreateSymbolicLink(folder.Combine(Path.GetFileName(file)), file);
        }
        foreach (var native in Directory.GetDirectories(AppContext.BaseDirectory))
            Directory.CreateSymbolicLink(folder.Combine(Path.GetFileName(native)), native);
        foreach (var file in Empty)
            folder.Write(file, "");
        folder.Write("kubeconfig", """
            {"current-context": "x", "contexts": [{"name": "x", "context": {"cluster": "x"}}], "clusters": [{"name": "x", "cluster": {"server": "http://127.0.0.1:1"}}]}
            """);
    }
}
