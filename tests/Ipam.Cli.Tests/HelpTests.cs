using System.CommandLine;
using System.CommandLine.Help;
using Ipam.Cli.Commands;
using Ipam.Cli.Terminal;
using Command = System.CommandLine.Command;

namespace Ipam.Cli.Tests;

/// <summary>What --help prints of each command.</summary>
public sealed class HelpTests
{
    private static readonly CliEnvironment Environment = new()
    {
        Output = Stream.Null,
        Input = Stream.Null,
        Error = TextWriter.Null,
        ReadAnswer = null,
        ShowsProgress = false,
        Variable = static _ => null,
        CreateStore = static url => throw new InvalidOperationException($"help looked into {url}"),
        User = static () => "root",
        ConfigurationFile = "/nonexistent",
        Time = TimeProvider.System,
    };

    [Fact]
    public void Each_command_is_shown_as_the_library_of_the_command_line_would()
    {
        var paths = Paths(new IpamctlCommand(Environment, ["manual"]), []).Where(static path => path is not ["manual"]).ToList();
        Assert.InRange(paths.Count, 50, 200);
        Assert.All(paths, path =>
        {
            var usual = new StringWriter();
            var command = new IpamctlCommand(Environment, [.. path, "--help"]);
            command.Options.OfType<HelpOption>().Single().Action = new HelpAction { MaxWidth = int.MaxValue };
            command.Parse([.. path, "--help"]).Invoke(new InvocationConfiguration { Output = usual });

            var shown = Help(null, path);
            Assert.Equal(usual.ToString().TrimEnd(), shown[..shown.IndexOf(shown.Contains("\nExamples:\n", StringComparison.Ordinal) ? "\nExamples:\n" : "\nExit codes:\n", StringComparison.Ordinal)].TrimEnd());
        });
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(132)]
    public void It_is_folded_into_the_lines_of_a_terminal_without_losing_a_word(int width)
    {
        foreach (var path in (string[][])[[], ["lease", "list"], ["pool", "create"], ["repair"]])
        {
            var folded = Help(() => new Screen(width, HasStyles: false), path);

            Assert.Equal(Words(Help(null, path)), Words(folded));
            Assert.All(Help(null, path).Split('\n').Where(static line => line.StartsWith("  ipamctl ", StringComparison.Ordinal)), example => Assert.Contains($"\n{example}\n", folded, StringComparison.Ordinal));
            var tooLong = folded[..folded.IndexOf("\nExit codes:", StringComparison.Ordinal)].Split('\n').Where(line => line.Length > width && line.TrimStart().Contains("  ", StringComparison.Ordinal));
            Assert.Empty(tooLong);
        }

        static string[] Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Help(Func<Screen>? screen, string[] path)
    {
        var output = new StringWriter();
        var command = new IpamctlCommand(Environment with { Screen = screen }, [.. path, "--help"]);
        Assert.Equal(0, command.Parse([.. path, "--help"]).Invoke(new InvocationConfiguration { Output = output }));
        return output.ToString();
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.SelectMany(below => Paths(below, [.. path, below.Name])).Prepend(path);
}
