using System.CommandLine;
using System.Globalization;

namespace Ipam.Cli.Options;

/// <summary>A moment: a time, or how long ago it was. (It holds text, as <see cref="OutputOption"/> does.)</summary>
internal sealed class MomentOption : Option<string>
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", .. from separator in new[] { "'T'", "' '" } from time in new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF" } select $"yyyy-MM-dd{separator}{time}K",
    ];

    private readonly TimeProvider _time;

    public MomentOption(string name, string description, TimeProvider time) : base(name)
    {
        _time = time;
        Description = $"{description} A time, such as 2026-11-29T14:23:00Z, or 2026-11-29 14:23 by this machine's clock; or how long ago, such as 26h.";
        HelpName = "TIME";
        Validators.Add(result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is null)
                result.AddError($"{name} '{text}' is no time; wanted is one such as 2026-11-29T14:23:00Z, or '2026-11-29 14:23' by this machine's clock, or how long ago, such as 90s, 45m, 30h or 7d.");
        });
    }

    /// <summary>Null if it isn't given.</summary>
    public DateTimeOffset? Of(ParseResult arguments) => arguments.GetValue(this) is { } text ? Read(text) : null;

    private DateTimeOffset? Read(string text)
    {
        if (AgeOption.Read(text) is { } age)
            return _time.GetUtcNow() - age;
        if (!DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
            return null;
        if (time.Kind != DateTimeKind.Unspecified)
            return time.ToUniversalTime();
        // There is no such time in the hour that is left out in spring.
        return _time.LocalTimeZone.IsInvalidTime(time) ? null : TimeZoneInfo.ConvertTimeToUtc(time, _time.LocalTimeZone);
    }
}
