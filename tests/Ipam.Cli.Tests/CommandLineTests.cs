using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests;

public sealed class CommandLineTests : CommandTest
{
    [Theory]
    [InlineData("", "a command is missing: after 'ipamctl' comes one of status, doctor, top, explain, next, map, web, lease, history, pool, reservation, block, space, node, leader, store, gc, check, repair, export, restore, import, install-cni, uninstall-cni, completion. Try 'ipamctl --help'.")]
    [InlineData("lease", "a command is missing: after 'ipamctl lease' comes one of list, show, add, release. Try 'ipamctl lease --help'.")]
    [InlineData("lease lst", "unknown command 'lst', did you mean 'list'?: after 'ipamctl lease' comes one of list, show, add, release. Try 'ipamctl lease --help'.")]
    [InlineData("lease list --pods", "unknown option '--pods'; did you mean '--pod'? Try 'ipamctl lease list --help'.")]
    [InlineData("lease list --namespce shop", "unknown option '--namespce'; did you mean '--namespace'? Try 'ipamctl lease list --help'.")]
    [InlineData("pool list --sotre x", "unknown option '--sotre'; did you mean '--store'? Try 'ipamctl pool list --help'.")]
    [InlineData("lease list --show-blocks", "unknown option '--show-blocks': 'ipamctl block list' shows blocks. Try 'ipamctl lease list --help'.")]
    [InlineData("frobnicate", "unknown command 'frobnicate': after 'ipamctl' comes one of status, doctor, top, explain, next, map, web, lease, history, pool, reservation, block, space, node, leader, store, gc, check, repair, export, restore, import, install-cni, uninstall-cni, completion. Try 'ipamctl --help'.")]
    [InlineData("space list @file", "Unrecognized command or argument '@file'. Try 'ipamctl space list --help'.")]
    [InlineData("lease show", "Required argument 'ADDRESS|POD|CONTAINER' missing for command: 'show'. Try 'ipamctl lease show --help'.")]
    [InlineData("lease release 10.0.0.0/24", "'10.0.0.0/24' is not one address; 'ipamctl lease list 10.0.0.0/24 -o name' prints those that are held, and - takes them from the input. Try 'ipamctl lease release --help'.")]
    [InlineData("lease show 10.0.0.0/24", "'10.0.0.0/24' is not one address; 'ipamctl lease list 10.0.0.0/24' shows the leases of several. Try 'ipamctl lease show --help'.")]
    [InlineData("lease list -o xml", "'xml' is no output format here; known are: table, wide, json, jsonl, yaml, csv, name. Try 'ipamctl lease list --help'.")]
    public async Task A_wrong_command_line_is_answered_in_one_line(string arguments, string expected)
    {
        var outcome = await RunPlainAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(new CliOutcome(2, "", $"ipamctl: {expected}\n"), outcome);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("lease -h")]
    [InlineData("lease release --help")]
    public async Task Help_names_the_exit_codes(string arguments)
    {
        var outcome = await RunPlainAsync(arguments.Split(' '));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("  3  there is no such thing\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help lease show", "lease show --help")]
    [InlineData("version", "--version")]
    public async Task Help_and_the_version_are_had_by_their_words_too(string words, string options) =>
        Assert.Equal(await RunPlainAsync(options.Split(' ')), await RunPlainAsync(words.Split(' ')));

    [Fact]
    public async Task Who_wants_to_hear_of_mistakes_only_hears_of_nothing_else()
    {
        await GiveAsync(Some.Lease("10.0.0.9"));

        Assert.Equal(new CliOutcome(0, "", ""), await RunAsync("lease", "release", "10.0.0.9", "--yes", "--quiet"));
        Assert.Empty(await LeasesAsync());
        var again = await RunAsync("-q", "lease", "release", "10.0.0.9", "--yes");
        Assert.Equal((3, ""), (again.ExitCode, again.Output));
        Assert.StartsWith("ipamctl: ", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lease")]
    [InlineData("pool show")]
    [InlineData("reservation")]
    [InlineData("block")]
    [InlineData("space")]
    [InlineData("node")]
    [InlineData("store")]
    [InlineData("import calico")]
    [InlineData("explain")]
    public async Task It_makes_no_difference_whether_options_come_first(string command)
    {
        string[] line = [.. command.Split(' '), "--help"];

        Assert.Equal((await RunPlainAsync(line)).Output, (await RunPlainAsync(["--store", DatabaseUrl, .. line])).Output);
    }

    [Theory]
    [InlineData("lease list")]
    [InlineData("lease show")]
    [InlineData("lease release")]
    [InlineData("pool list")]
    [InlineData("pool show")]
    [InlineData("pool create")]
    [InlineData("pool edit")]
    [InlineData("pool resize")]
    [InlineData("pool drain")]
    [InlineData("pool delete")]
    [InlineData("pool disable")]
    [InlineData("pool enable")]
    [InlineData("reservation list")]
    [InlineData("reservation add")]
    [InlineData("reservation delete")]
    [InlineData("space list")]
    [InlineData("space show")]
    [InlineData("node list")]
    [InlineData("node show")]
    [InlineData("node forget")]
    [InlineData("block list")]
    [InlineData("block show")]
    [InlineData("block release")]
    [InlineData("leader")]
    [InlineData("status")]
    [InlineData("completion")]
    [InlineData("doctor")]
    [InlineData("top")]
    [InlineData("next")]
    [InlineData("map")]
    [InlineData("pool map")]
    [InlineData("export")]
    public async Task Every_example_in_the_help_is_understood(string verb)
    {
        var help = (await RunPlainAsync([.. verb.Split(' '), "--help"])).Output;
        var examples = help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith("  ipamctl ", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(examples);
        // One that goes on for ever is tested with a store that fails.
        foreach (var example in examples.Where(static example => !example.Contains("--watch", StringComparison.Ordinal)))
        {
            var words = WordsOf(example.Split('|')[^1].Contains("ipamctl", StringComparison.Ordinal) ? example.Split('|')[^1] : example.Split('|')[0]);
            Assert.NotEqual(2, (await RunAsync([.. words[1..].TakeWhile(static word => word != ">")])).ExitCode);
        }
    }

    /// <summary>As a shell would take them: of quotes the examples have single ones.</summary>
    private static string[] WordsOf(string line) =>
        [.. line.Split(" >")[0].Split('\'').SelectMany(static (part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public async Task The_version_is_one_line() => Assert.Matches("^ipamctl [0-9]+\\.[0-9]+\\.[0-9]+\n$", (await RunPlainAsync("--version")).Output);

    [Fact]
    public async Task What_a_user_types_does_not_reach_the_terminal_raw() =>
        Assert.Contains("'\\u001b[31m'", (await RunPlainAsync("\x1b[31m")).Error, StringComparison.Ordinal);
}
