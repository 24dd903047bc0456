using System.CommandLine;
using System.Globalization;

namespace Ipam.Cli.Options;

/// <summary>The option <c>--limit</c>: how many lines of a list to show. (It holds text, as <see cref="OutputOption"/> does.)</summary>
internal sealed class LimitOption : Option<string>
{
    public LimitOption() : base("--limit")
    {
        Description = "Show at most so many. [otherwise: all]";
        HelpName = "NUMBER";
        Validators.Add(static result =>
        {
            if (Read(result.Tokens[0].Value) is null or 0)
                result.AddError($"--limit '{result.Tokens[0].Value}' must be a whole number from 1 to {int.MaxValue}.");
        });
    }

    /// <summary>More than there can be if it isn't given.</summary>
    public int Of(ParseResult arguments) => arguments.GetValue(this) is { } text ? Read(text)!.Value : int.MaxValue;

    private static int? Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
