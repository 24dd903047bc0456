using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>A runtime that doesn't get the result knows nothing of the attachment: it must not stay.</summary>
public class UnwritableOutputTests
{
    private const string Address = """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""";

    [RootTheory("ip", "net-ptp", "nft")]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("> /dev/full 2>&-")]
    [InlineData("> /dev/full 2> /dev/full")]
    [InlineData(">&- 2>&- <&-")]
    public void An_ADD_whose_result_can_not_be_written_ends_with_1_and_leaves_nothing(string redirections)
    {
        using var host = new PtpHost { Plugin = "" };
        host.Configuration["ipMasq"] = true;
        var ipam = new FakeIpam(host).Answers("ADD", Address).Does("ADD", "echo chatter >&2\n");
        var container = host.NewContainer();
        var before = host.State();

        var outcome = host.Call(Script(host, redirections), "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString());

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal(before, host.State());
        Assert.DoesNotContain("eth0", container.Ip("-br link"), StringComparison.Ordinal);
        // Without a stdin there is nothing to begin with.
        Assert.Equal(redirections.Contains('<', StringComparison.Ordinal) ? [] : ["ADD", "DEL"], ipam.Verbs);
        if (redirections == "> /dev/full")
            Assert.Contains("cannot write the answer to stdout: No space left on device (28)", outcome.Errors, StringComparison.Ordinal);
    }

    [RootFact("ip", "net-ptp")]
    public void So_does_one_whose_reader_has_gone()
    {
        using var host = new PtpHost { Plugin = "" };
        var ipam = new FakeIpam(host).Answers("ADD", Address).Does("ADD", "sleep 0.2\n");
        var container = host.NewContainer();
        var before = host.State();
        var script = Path.Combine(host.Folder, "piped");
        File.WriteAllText(script, $"#!/bin/bash\n{Published.Plugin} | true\nexit ${{PIPESTATUS[0]}}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal(1, host.Call(script, "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()).ExitCode);

        Assert.Equal(before, host.State());
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData(">&- 2>&-")]
    [InlineData("2>&-")]
    public void Chatter_of_the_IPAM_plugin_that_nobody_can_hear_is_no_fault(string redirections)
    {
        using var host = new PtpHost { Plugin = "" };
        new FakeIpam(host).Answers("ADD", Address).Does("ADD", "echo chatter >&2\n").Does("DEL", "echo chatter >&2\n");
        var container = host.NewContainer();
        var before = host.State();
        host.Call(Script(host, "2>&-"), "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()).Must();
        host.Call(Script(host, redirections), "DEL", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()).Must();
        Assert.Equal(before, host.State());
    }

    private static string Script(PtpHost host, string redirections)
    {
        var script = Path.Combine(host.Folder, "redirected");
        File.WriteAllText(script, $"#!/bin/sh\nexec {Published.Plugin} {redirections}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }
}
