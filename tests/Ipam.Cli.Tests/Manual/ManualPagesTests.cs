using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Manual;

public sealed class ManualPagesTests : CommandTest
{
    [Fact]
    public async Task Every_command_has_a_page_that_names_its_options_and_the_exit_codes()
    {
        var folder = await WriteAsync();

        var names = Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Commands().Append("ipamctl").Select(static command => $"{command.Replace(' ', '-')}.1").Order(StringComparer.Ordinal), names);
        var page = Read(folder, "ipamctl-lease-list.1");
        Assert.StartsWith(".TH IPAMCTL\\-LEASE\\-LIST 1 2026-01-02 \"IpamSuite ", page, StringComparison.Ordinal);
        Assert.Contains("\n.TP\n\\fB\\-\\-namespace\\fR, \\fB\\-n\\fR \\fINAME\\fR\n", page, StringComparison.Ordinal);
        Assert.Contains("\n.TP\n\\fB\\-\\-store\\fR \\fIURL\\fR\n", page, StringComparison.Ordinal);
        Assert.Contains("\n.TP\n\\fB4\\fR\nrefused or declined", page, StringComparison.Ordinal);
        Assert.Contains("\nipamctl lease list \\-n shop\n", page, StringComparison.Ordinal);
        Assert.Contains("\n\\fBipamctl\\-lease\\fR(1),\n", page, StringComparison.Ordinal);
    }

    [RequiresFact("mandoc", "groff")]
    public async Task Those_who_show_pages_have_nothing_to_warn_of()
    {
        var folder = await WriteAsync();
        foreach (var page in Directory.GetFiles(folder))
        {
            var lint = Command.TryRun("mandoc", "-Tlint", "-Wwarning", page);
            Assert.True((lint.ExitCode, lint.Stdout) == (0, ""), lint.ToString());
            var groff = Command.TryRun("groff", "-man", "-ww", "-Tutf8", "-z", page);
            Assert.True((groff.ExitCode, groff.Stderr) == (0, ""), groff.ToString());
        }
    }

    [RequiresFact("groff")]
    public async Task What_a_page_shows_can_be_copied_into_a_shell()
    {
        var shown = Command.Run("groff", "-man", "-Tascii", "-P-c", "-P-b", "-P-u", "-P-o", $"{await WriteAsync()}/ipamctl-lease-list.1");

        Assert.Contains("ipamctl lease list -o json | jq -r '.[].address'\n", shown, StringComparison.Ordinal);
        Assert.Contains("ipamctl-lease-list - Lists the leases, by space and address\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_for_those_who_build_and_so_it_is_not_shown()
    {
        Assert.DoesNotContain("manual", (await RunPlainAsync("--help")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("manual", (await RunPlainAsync("[suggest:11]", "ipamctl man")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moment_that_is_none_is_refused()
    {
        Variables["SOURCE_DATE_EPOCH"] = "soon";

        Assert.Equal(
            new CliOutcome(2, "", "ipamctl: SOURCE_DATE_EPOCH is 'soon', wanted is a number of seconds since 1970\n"),
            await RunPlainAsync("manual", "pages", Path.GetDirectoryName(DatabaseFile)!));
    }

    /// <summary>All commands, as the reference has them.</summary>
    private static IEnumerable<string> Commands() =>
        RepositoryRoot.Read("docs/ipamctl-reference.md").Split('\n').Where(static line => line.StartsWith("## ipamctl ", StringComparison.Ordinal)).Select(static line => line[3..]);

    private static string Read(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private async Task<string> WriteAsync()
    {
        Variables["SOURCE_DATE_EPOCH"] = "1767312000";
        var folder = Path.Combine(Path.GetDirectoryName(DatabaseFile)!, "man");
        var outcome = await RunPlainAsync("manual", "pages", folder);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return folder;
    }
}
