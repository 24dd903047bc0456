using System.Diagnostics;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Tests.Output;

/// <summary>Tables on terminals.</summary>
public sealed class ScreenTableTests : CommandTest
{
    private static readonly string[] Columns = ["lease", "list", "--columns", "address,pod,node"];

    [Fact]
    public async Task Long_cells_are_folded_and_no_line_is_wider_than_the_terminal()
    {
        await GiveAsync(Some.Lease("10.0.0.9", pod: Some.Pod("a-pod-with-quite-a-name", "a-namespace-of-many-words")));
        Screen = new Screen(40, HasStyles: false);

        var lines = (await RunAsync(Columns)).Output.Split('\n');

        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 40));
        Assert.Equal("ADDRESS   POD                     NODE", lines[0].TrimEnd());
        Assert.Equal("a-namespace-of-many-words/a-pod-with-quite-a-name", string.Concat(lines[1..].SelectMany(static line => line.Skip(10).Take(22))).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fits_is_as_elsewhere_but_for_what_fills_the_lines()
    {
        await GiveAsync(Some.Lease("10.0.0.9"), Some.Lease("10.0.0.10", node: "n"));
        var elsewhere = (await RunAsync(Columns)).Output;
        Screen = new Screen(120, HasStyles: false);

        var output = (await RunAsync(Columns)).Output;

        Assert.Equal(elsewhere.Split('\n'), output.Split('\n').Select(static line => line.TrimEnd()));
        Assert.Equal((await RunAsync([.. Columns, "--no-headers"])).Output.TrimEnd(), string.Join('\n', output.Split('\n')[1..]).TrimEnd());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Titles_are_bold_unless_styles_are_switched_off(bool hasStyles)
    {
        await GiveAsync(Some.Lease("10.0.0.9", network: "[red]"));
        Screen = new Screen(80, hasStyles);

        var output = (await RunAsync("lease", "list", "--columns", "address,network")).Output;

        Assert.Equal(hasStyles, output.Contains("\e[1mADDRESS\e[0m", StringComparison.Ordinal));
        Assert.Equal(hasStyles, output.Contains('\e', StringComparison.Ordinal));
        Assert.Contains("[red]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_one_looks_at_come_in_plain_lines()
    {
        await GiveAsync([.. Enumerable.Range(1, ScreenTable<Lease>.MostRows + 1).Select(static i => Some.Lease($"10.0.{i / 256}.{i % 256}"))]);
        var elsewhere = (await RunAsync("lease", "list")).Output;
        Screen = new Screen(30, HasStyles: true);

        Assert.Equal(elsewhere, (await RunAsync("lease", "list")).Output);
    }

    /// <summary>Of a real terminal, whose width the program asks for.</summary>
    [RequiresTheory("script")]
    [InlineData("", true)]
    [InlineData("NO_COLOR=1 ", false)]
    public async Task On_a_terminal_the_program_fits_its_width(string variables, bool hasStyles)
    {
        await GiveAsync(Some.Lease("10.0.0.9", pod: Some.Pod("a-pod-with-quite-a-name", "a-namespace-of-many-words")));
        var program = Path.Combine(AppContext.BaseDirectory, "ipamctl");

        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 50; {variables}TERM=xterm {program} lease list --store {DatabaseUrl}", "/dev/null"]);
        var outcome = Command.Run(start, null, Command.DefaultPatience);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(hasStyles, outcome.Stdout.Contains("\e[1mADDRESS\e[0m", StringComparison.Ordinal));
        if (!hasStyles)
            Assert.All(outcome.Stdout.Split("\r\n"), static line => Assert.InRange(line.Replace("\e[?1h\e=", "", StringComparison.Ordinal).Length, 0, 50));
    }
}
