using System.CommandLine;
using System.Globalization;

namespace Ipam.Cli.Commands.Nodes;

/// <summary>The option <c>--wait</c>, whose value may be left out.</summary>
internal sealed class WaitOption : Option<string>
{
    private const int MostSeconds = 3600;

    public WaitOption() : base("--wait")
    {
        Description = "Watch for so long which nodes report. [without SECONDS: a little longer than nodes take to report]";
        HelpName = "SECONDS";
        Arity = ArgumentArity.ZeroOrOne;
        Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && !TryParse(token.Value, out _))
                result.AddError($"'{token.Value}' is no time to wait; wanted are whole seconds from 1 to {MostSeconds}.");
        });
    }

    /// <summary>How long to wait; null not to.</summary>
    /// <param name="arguments">What the user gave.</param>
    /// <param name="otherwise">How long if the user didn't say.</param>
    public TimeSpan? Of(ParseResult arguments, TimeSpan otherwise) =>
        arguments.GetResult(this) is not { } given ? null
        : given.Tokens is [var token] && TryParse(token.Value, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : otherwise;

    private static bool TryParse(string text, out int seconds) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds is >= 1 and <= MostSeconds;
}
