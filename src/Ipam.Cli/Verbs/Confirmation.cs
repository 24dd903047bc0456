using System.CommandLine;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Verbs;

/// <summary>The options and the question of a verb that takes something away.</summary>
/// <param name="environment">Where to ask.</param>
/// <param name="verb">What the verb does.</param>
/// <param name="participle">What it has done then; null if that is regular.</param>
internal sealed class Confirmation(CliEnvironment environment, string verb, string? participle = null)
{
    private readonly string _done = participle ?? (verb.EndsWith('e') ? $"{verb}d" : $"{verb}ed");
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = $"Don't ask before it {verb}s." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = $"Only show what it would {verb}." };

    public void AddTo(Command command)
    {
        command.Add(_yes);
        command.Add(_dryRun);
    }

    /// <summary>Shows what is to be taken away.</summary>
    public void Show<T>(View<T> view, T item)
    {
        if (environment.IsQuiet)
            return;
        var card = new CardWriter<T>(view.AllColumns, environment.Error);
        card.Add(item);
        card.Complete();
    }

    /// <summary>The exit code with which it ends here, a dry run or an answer that isn't yes; null to go on.</summary>
    /// <param name="arguments">What the user gave.</param>
    /// <param name="intention">What a dry run says.</param>
    /// <param name="question">What to ask.</param>
    public int? EndsWith(ParseResult arguments, string intention, string question) => EndsWith(arguments, [intention], question);

    /// <summary>The same, with a line for each thing that a dry run names.</summary>
    public int? EndsWith(ParseResult arguments, IReadOnlyCollection<string> intentions, string question)
    {
        if (arguments.GetValue(_dryRun))
            return intentions.Select(environment.Done).Max();
        return Refusal(arguments, question) is { } refusal ? environment.Fail(refusal, ExitCode.Refused) : null;
    }

    /// <summary>Asks, unless that isn't wanted; null if the answer is yes.</summary>
    private string? Refusal(ParseResult arguments, string question)
    {
        if (arguments.GetValue(_yes))
            return null;
        if (environment.ReadAnswer is null)
            return $"not {_done}: there is no terminal to ask on. Use --yes to {verb} without asking, --dry-run to only look.";
        environment.Error.Write($"{PrintableText.Of(question)} [y/N] ");
        return environment.ReadAnswer()?.Trim().ToUpperInvariant() is "Y" or "YES" ? null : $"not {_done}: the answer was not yes.";
    }
}
