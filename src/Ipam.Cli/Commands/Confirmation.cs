using System.CommandLine;
using Ipam.Cli.Output;

namespace Ipam.Cli.Commands;

/// <summary>The options and the question of a verb that takes something away.</summary>
/// <param name="environment">Where to ask.</param>
/// <param name="verb">What the verb does; ends with an e.</param>
internal sealed class Confirmation(CliEnvironment environment, string verb)
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = $"Don't ask before it {verb}s." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = $"Only show what it would {verb}." };

    public IReadOnlyList<Option> Options => [_yes, _dryRun];

    public bool IsDryRun(ParseResult arguments) => arguments.GetValue(_dryRun);

    /// <summary>Asks, unless that isn't wanted; null if the answer is yes.</summary>
    public string? Refusal(ParseResult arguments, string question)
    {
        if (arguments.GetValue(_yes))
            return null;
        if (environment.ReadAnswer is null)
            return $"not {verb}d: there is no terminal to ask on. Use --yes to {verb} without asking, --dry-run to only look.";
        environment.Error.Write($"{PrintableText.Of(question)} [y/N] ");
        return environment.ReadAnswer()?.Trim().ToUpperInvariant() is "Y" or "YES" ? null : $"not {verb}d: the answer was not yes.";
    }
}
