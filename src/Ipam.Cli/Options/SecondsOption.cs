using System.CommandLine;
using System.Globalization;

namespace Ipam.Cli.Options;

/// <summary>A number of whole seconds within bounds. (It holds text, as <see cref="OutputOption"/> does.)</summary>
internal class SecondsOption : Option<string>
{
    private readonly int _otherwise;

    public SecondsOption(string name, int otherwise, int least, int most, string description) : base(name)
    {
        _otherwise = otherwise;
        Description = $"{description} [otherwise: {otherwise}]";
        HelpName = "SECONDS";
        Validators.Add(result =>
        {
            var text = result.Tokens[0].Value;
            var isGood = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && (seconds == otherwise || (seconds >= least && seconds <= most));
            if (!isGood)
                result.AddError($"{name} '{text}' must be whole seconds from {least} to {most}{(otherwise == 0 ? ", or 0" : "")}.");
        });
    }

    public TimeSpan Of(ParseResult arguments) => TimeSpan.FromSeconds(
        arguments.GetValue(this) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : _otherwise);
}
