using System.CommandLine;
using System.Globalization;

namespace Ipam.Cli.Options;

/// <summary>The option <c>--limit</c>: how many lines of a list to show. (It holds text, as <see cref="OutputOption"/> does.)</summary>
internal sealed class LimitOption : Option<string>
{
    private readonly int _otherwise;

    /// <param name="otherwise">How many if it isn't given; null for all.</param>
    public LimitOption(int? otherwise = null) : base("--limit")
    {
        _otherwise = otherwise ?? int.MaxValue;
        Description = $"Show at most so many. [otherwise: {(otherwise is { } number ? number.ToString(CultureInfo.InvariantCulture) : "all")}]";
        HelpName = "NUMBER";
        Validators.Add(static result =>
        {
            if (Read(result.Tokens[0].Value) is null or 0)
                result.AddError($"--limit '{result.Tokens[0].Value}' must be a whole number from 1 to {int.MaxValue}.");
        });
    }

    public int Of(ParseResult arguments) => arguments.GetValue(this) is { } text ? Read(text)!.Value : _otherwise;

    private static int? Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
