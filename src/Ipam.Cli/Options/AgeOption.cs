using System.CommandLine;
using System.Globalization;

namespace Ipam.Cli.Options;

/// <summary>An age, as tables show it: a whole number and a unit. (It holds text, as <see cref="OutputOption"/> does.)</summary>
internal sealed class AgeOption : Option<string>
{
    /// <summary>No lease is older than a hundred years.</summary>
    private const long MostSeconds = 100L * 365 * SecondsOfADay;

    private const int SecondsOfADay = 24 * 60 * 60;

    public AgeOption(string name, string description) : base(name)
    {
        Description = description;
        HelpName = "AGE";
        Validators.Add(result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is null)
                result.AddError($"{name} '{text}' is no age; wanted is a number of seconds, minutes, hours or days, such as 90s, 45m, 30h or 7d.");
        });
    }

    /// <summary>Null if it isn't given.</summary>
    public TimeSpan? Of(ParseResult arguments) => arguments.GetValue(this) is { } text ? Read(text) : null;

    /// <summary>The age that a text says; null if it is none.</summary>
    public static TimeSpan? Read(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        long? seconds = text[^1] switch
        {
            's' => number,
            'm' => number * 60L,
            'h' => number * 3600L,
            'd' => number * (long)SecondsOfADay,
            _ => null,
        };
        return seconds <= MostSeconds ? TimeSpan.FromSeconds(seconds.Value) : null;
    }
}
