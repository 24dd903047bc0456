using System.Globalization;
using System.Text.RegularExpressions;
using EndToEnd.Support;

namespace EndToEnd.Binary;

/// <summary>The plugin is started for every container, so what it weighs is a promise.</summary>
public sealed class PluginBinaryTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const long MiB = 1 << 20;

    /// <summary>What a system has that can run a program at all: the C library's parts, and what the kernel maps.</summary>
    private static readonly string[] Allowed = ["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "linux-vdso.so.1"];

    [Fact]
    public void It_is_one_file_of_at_most_3_5_MiB()
    {
        Assert.InRange(new FileInfo(Repository.Ipam).Length, 1, (long)(3.5 * MiB));
        Assert.DoesNotContain(Directory.GetFiles(Repository.PluginFolder), static file => file.EndsWith(".so", StringComparison.Ordinal) || file.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public void It_needs_the_C_library_and_nothing_else()
    {
        var needed = Command.Run("ldd", Repository.Ipam).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => Path.GetFileName(line.Trim().Split(' ')[0]));

        Assert.Empty(needed.Except(Allowed));
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
