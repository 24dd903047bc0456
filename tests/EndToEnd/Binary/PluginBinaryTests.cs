using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EndToEnd.Support;

namespace EndToEnd.Binary;

/// <summary>The plugin is started for every container, so what it weighs is a promise.</summary>
public sealed class PluginBinaryTests(ServiceFixture service) : WholeMachineTests, IClassFixture<ServiceFixture>
{
    private const long MiB = 1 << 20;

    [Fact]
    public void It_is_one_file_of_at_most_3_5_MiB()
    {
        Assert.InRange(new FileInfo(Repository.Ipam).Length, 1, (long)(3.5 * MiB));
        Assert.DoesNotContain(Directory.GetFiles(Repository.PluginFolder), static file => file.EndsWith(".so", StringComparison.Ordinal) || file.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ipam")]
    [InlineData("net-ptp")]
    public void It_runs_where_there_is_no_other_file(string plugin)
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(Repository.PluginFolder, plugin), folder.Combine(plugin));
        var start = new ProcessStartInfo("chroot", [folder.Path, $"/{plugin}"]);
        start.Environment["CNI_COMMAND"] = "VERSION";

        var outcome = Command.Run(start, """{"cniVersion":"1.1.0"}""", Command.DefaultPatience);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains("\"supportedVersions\":", outcome.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADD")]
    [InlineData("DEL")]
    [InlineData("VERSION")]
    public void It_takes_at_most_10_MiB_of_memory(string command)
    {
        var call = new CniCall(command) { Stdin = new NetworkConfig("rss") { Ipam = NetworkConfig.Dual }.Json(service.Site) };
        var start = call.StartOf("/usr/bin/time");
        start.ArgumentList.Add("-v");
        start.ArgumentList.Add(Repository.Ipam);

        var outcome = Command.Run(start, call.Stdin, Command.DefaultPatience);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var peak = Regex.Match(outcome.Stderr, @"Maximum resident set size \(kbytes\): (\d+)");
        Assert.True(peak.Success, outcome.ToString());
        Assert.InRange(long.Parse(peak.Groups[1].Value, CultureInfo.InvariantCulture) * 1024, 1, 10 * MiB);
    }
}
