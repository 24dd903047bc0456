using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands;

/// <summary>
/// Prints what a command does and what may stand behind it, as System.CommandLine would, then a verb's examples and the exit codes. The library's own writer compiles
/// sixty methods at the start, which takes a fifth of the time that help may take.
/// </summary>
/// <param name="screen">Looks up the terminal, into whose lines it is to fit; null where the output goes elsewhere.</param>
internal sealed class ShowHelp(Func<Screen>? screen) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var page = new HelpPage(parseResult.InvocationConfiguration.Output, screen?.Invoke().Width ?? int.MaxValue);
        page.Write("Description:", command.Description ?? "");
        page.Write("Usage:", [new HelpRow(Usage(command))]);
        page.Write("Arguments:", [.. Shown(command.Arguments).Select(static argument => new HelpRow(Value(argument), argument.Description))]);
        page.Write("Options:", [.. Options(command).Select(static option => new HelpRow(Form(option), option.Description))]);
        page.Write("Commands:", [.. Shown(command.Subcommands).Select(static below => new HelpRow(Form(below), below.Description))]);
        page.Write("Examples:", command is Verb verb ? [.. verb.Examples.Select(static example => new HelpRow(example))] : []);
        page.Write("Exit codes:", [.. ExitCode.Meanings.Select(static (meaning, code) => new HelpRow(Form(code), meaning.Replace("; ", ";\n", StringComparison.Ordinal)))]);
        return ExitCode.Ok;
    }

    private static List<T> Shown<T>(IEnumerable<T> symbols) where T : Symbol
    {
        var shown = new List<T>();
        foreach (var symbol in symbols)
        {
            if (!symbol.Hidden)
                shown.Add(symbol);
        }
        return shown;
    }

    /// <summary>Its own options, those for help behind the others; then those that commands above it give to all below them.</summary>
    private static List<Option> Options(Command command)
    {
        var (options, aside) = (new List<Option>(), new List<Option>());
        foreach (var option in Shown(command.Options))
            (option is HelpOption or VersionOption ? aside : options).Add(option);
        options.AddRange(aside);
        for (var above = Above(command); above is not null; above = Above(above))
        {
            foreach (var option in Shown(above.Options))
            {
                if (option.Recursive)
                    options.Add(option);
            }
        }
        return options;
    }

    private static Command? Above(Command command)
    {
        foreach (var parent in command.Parents)
        {
            if (parent is Command above)
                return above;
        }
        return null;
    }

    private static string Usage(Command command)
    {
        var path = "";
        for (var part = command; part is not null; part = Above(part))
            path = $"{part.Name} {path}";
        var usage = new StringBuilder(path);
        foreach (var argument in Shown(command.Arguments))
        {
            var several = argument.Arity.MaximumNumberOfValues > 1 ? "..." : "";
            usage.Append(argument.Arity.MinimumNumberOfValues == 0 ? $"[<{argument.Name}>{several}] " : $"<{argument.Name}>{several} ");
        }
        if (Shown(command.Subcommands).Count > 0)
            usage.Append("[command] ");
        return usage.Append("[options]").ToString();
    }

    private static string Form(Command command)
    {
        var form = command.Name;
        foreach (var argument in Shown(command.Arguments))
            form += $" {Value(argument)}";
        return form;
    }

    private static string Form(Option option)
    {
        var names = new List<string>(option.Aliases) { option.Name };
        names.Sort(InOrder);
        var value = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? "" : $" <{option.HelpName ?? option.Name.TrimStart('-')}>";
        return string.Join(", ", names) + value + (option.Required ? " (REQUIRED)" : "");
    }

    /// <summary>Those with one dash come first.</summary>
    private static int InOrder(string a, string b)
    {
        var dashes = a.StartsWith("--", StringComparison.Ordinal).CompareTo(b.StartsWith("--", StringComparison.Ordinal));
        return dashes != 0 ? dashes : string.CompareOrdinal(a, b);
    }

    private static string Form(int exitCode) => exitCode.ToString(CultureInfo.InvariantCulture).PadLeft(2);

    private static string Value(Argument argument)
    {
        List<string> words = [];
        foreach (var word in argument.GetCompletions(CompletionContext.Empty))
            words.Add(word.Label);
        return words.Count > 0 ? $"<{string.Join('|', words)}>" : $"<{argument.Name}>";
    }
}
