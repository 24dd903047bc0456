using System.Text;
using Ipam.Core.Text;

namespace Ipam.Cli.Output;

/// <summary>
/// Writes what controls a terminal, or reorders text, as <c>\uXXXX</c>, which is the same inside YAML's double quotes, where alone such a character can be. Line feeds
/// pass: they part the lines.
/// </summary>
internal sealed class SafeWriter(TextWriter output) : TextWriter
{
    private readonly char[] _high = new char[1];
    private bool _hasHigh;

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value)
    {
        if (char.IsHighSurrogate(value))
        {
            (_high[0], _hasHigh) = (value, true);
            return;
        }
        if (value == '\n')
            output.Write(value);
        else
            output.Write(UnsafeCharacter.Escape(_hasHigh ? $"{_high[0]}{value}" : $"{value}"));
        _hasHigh = false;
    }

    public override void Flush() => output.Flush();
}
