using EndToEnd.Support;

namespace EndToEnd.Verbs;

/// <summary>What the plugin says of itself; nothing else needs to be there for that.</summary>
public sealed class VersionTests
{
    private const string Versions =
        """{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}""";

    [Fact]
    public void VERSION_lists_all_versions()
    {
        var call = new CniCall("VERSION") { ContainerId = "", NetNs = "dummy", IfName = "dummy", Path = "dummy", Stdin = """{"cniVersion":"1.1.0"}""" };

        Assert.Equal(Versions + "\n", CniPlugin.Run(call).EnsureSuccess().Stdout);
    }

    [Fact]
    public void VERSION_needs_no_other_variable_and_does_not_wait_for_stdin()
    {
        var call = new CniCall("VERSION") { ContainerId = null, NetNs = null, IfName = null, Path = null, Stdin = null };

        Assert.Equal(Versions + "\n", CniPlugin.Run(call).EnsureSuccess().Stdout);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Started_by_hand_it_introduces_itself_on_stderr(string? command)
    {
        var outcome = CniPlugin.Run(new CniCall(command) { Stdin = null }).EnsureSuccess();

        Assert.Contains("CNI ipam plugin", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains("CNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0", outcome.Stderr, StringComparison.Ordinal);
    }
}
