using System.Collections.Concurrent;
using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Web;

/// <summary>ipam-web as it is installed, beside ipamd.</summary>
public sealed class WebProgramTests
{
    private static readonly string Program = Path.Combine(Repository.Artifacts, "ipam-web", "ipam-web");

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_shows_what_ipamd_hands_out_until_it_is_told_to_stop(bool byIpamctl)
    {
        using var site = new Site();
        await using var ipamd = await Ipamd.StartAsync(site);
        var address = site.Add(new NetworkConfig("shown")).EnsureSuccess().Address;

        var start = new ProcessStartInfo(byIpamctl ? Repository.Ipamctl : Program, [.. byIpamctl ? (string[])["web"] : [], "--store", site.Store, "--listen", "127.0.0.1:0"]) { RedirectStandardOutput = true };
        using var program = Process.Start(start)!;
        var lines = new BlockingCollection<string>();
        program.OutputDataReceived += (_, line) => lines.Add(line.Data ?? "ended");
        program.BeginOutputReadLine();
        Assert.True(lines.TryTake(out var said, TimeSpan.FromSeconds(60)));
        var url = new Uri(said[(said.LastIndexOf(' ') + 1)..]);

        using var http = new HttpClient { BaseAddress = url };
        Assert.Contains(address, await http.GetStringAsync("leases"), StringComparison.Ordinal);
        Command.Run("kill", "-TERM", $"{program.Id}");
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(""));
    }

    [Theory]
    [InlineData(2, "--listen 0.0.0.0:0", "--auth none asks nobody who he is")]
    [InlineData(1, "--store sqlite:/nowhere/ipam.db", "/nowhere/ipam.db")]
    [InlineData(2, "--colour red", "Unrecognized command or argument '--colour'")]
    public void What_keeps_it_from_serving_is_said_in_a_line(int exitCode, string arguments, string expected)
    {
        var outcome = Command.TryRun(Program, arguments.Split(' '));
        Assert.True(outcome.ExitCode == exitCode, outcome.ToString());
        Assert.StartsWith("ipam-web: ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains(expected, outcome.Stderr, StringComparison.Ordinal);
    }
}
