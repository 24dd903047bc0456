using System.CommandLine;
using Ipam.Cli.Output;

namespace Ipam.Cli.Options;

/// <summary>
/// The option <c>-o</c>, for the formats that a verb has; the first is the default. (It holds text, because for values of a type of our
/// own the library's generic code would be compiled anew at each start.)
/// </summary>
internal sealed class OutputOption : Option<string>
{
    private readonly OutputFormat[] _formats;
    private readonly string[] _names;

    public OutputOption(params OutputFormat[] formats) : base("--output", "-o")
    {
        _formats = formats;
        _names = new string[formats.Length];
        for (var i = 0; i < formats.Length; i++)
            _names[i] = NameOf(formats[i]);
        Description = $"The format of the output. [otherwise: {_names[0]}]";
        HelpName = string.Join('|', _names);
        CompletionSources.Add(_names);
        Validators.Add(result =>
        {
            var text = result.Tokens[0].Value;
            if (Array.IndexOf(_names, text) < 0)
                result.AddError($"'{text}' is no output format here; known are: {string.Join(", ", _names)}.");
        });
    }

    /// <summary>The formats of a list.</summary>
    public static OutputOption OfList(bool hasWide = true) => hasWide
        ? new(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Yaml, OutputFormat.Csv, OutputFormat.Name)
        : new(OutputFormat.Table, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Yaml, OutputFormat.Csv, OutputFormat.Name);

    public OutputFormat Of(ParseResult arguments) =>
        arguments.GetValue(this) is { } text ? _formats[Array.IndexOf(_names, text)] : _formats[0];

    // What the framework knows of an enum's names it has to look up at each start.
    private static string NameOf(OutputFormat format) => format switch
    {
        OutputFormat.Table => "table",
        OutputFormat.Wide => "wide",
        OutputFormat.Text => "text",
        OutputFormat.Json => "json",
        OutputFormat.Jsonl => "jsonl",
        OutputFormat.Yaml => "yaml",
        OutputFormat.Csv => "csv",
        OutputFormat.Name => "name",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
