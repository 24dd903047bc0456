using System.Globalization;
using System.Text;

namespace Cni.Protocol;

/// <summary>
/// Writes one JSON value as UTF-8; the caller keeps starts, ends and keys in order. The framework's writer makes a table of all characters
/// when it is first used: more than a third of what net-ptp executed for an ADD, and after the IPAM plugin's answer, when nothing else hides it.
/// </summary>
/// <param name="isIndented">Four spaces, as the reference library prints results; otherwise one line.</param>
internal sealed class JsonOutput(bool isIndented)
{
    private const int FirstSize = 512;
    private const int IndentSize = 4;

    private byte[] _bytes = new byte[FirstSize];
    private int _length;
    private int _depth;
    private bool _isFirst = true;

    /// <summary>An object that is the whole value or stands in a list.</summary>
    public void StartObject()
    {
        if (_depth > 0)
            StartItem();
        Open('{');
    }

    /// <summary>An object at a key.</summary>
    public void StartObject(ReadOnlySpan<byte> key)
    {
        StartItem(key);
        Open('{');
    }

    public void EndObject() => Close('}');

    public void StartList(ReadOnlySpan<byte> key)
    {
        StartItem(key);
        Open('[');
    }

    public void EndList() => Close(']');

    public void Write(ReadOnlySpan<byte> key, long number)
    {
        StartItem(key);
        Append(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
    }

    public void Write(ReadOnlySpan<byte> key, string text)
    {
        StartItem(key);
        AppendQuoted(text);
    }

    /// <summary>A text in a list.</summary>
    public void Write(string text)
    {
        StartItem();
        AppendQuoted(text);
    }

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    private void StartItem(ReadOnlySpan<byte> key)
    {
        StartItem();
        Append('"');
        Append(key);
        Append(isIndented ? "\": "u8 : "\":"u8);
    }

    private void StartItem()
    {
        if (!_isFirst)
            Append(',');
        _isFirst = false;
        BreakLine();
    }

    private void Open(char bracket)
    {
        Append(bracket);
        _depth++;
        _isFirst = true;
    }

    private void Close(char bracket)
    {
        _depth--;
        if (!_isFirst)
            BreakLine();
        _isFirst = false;
        Append(bracket);
    }

    private void BreakLine()
    {
        if (!isIndented)
            return;
        Append('\n');
        Take(_depth * IndentSize).Fill((byte)' ');
    }

    // Half a surrogate pair becomes U+FFFD.
    private void AppendQuoted(ReadOnlySpan<char> text)
    {
        Append('"');
        var done = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!MustBeEscaped(text[i]))
                continue;
            AppendAsItIs(text[done..i]);
            AppendEscaped(text[i]);
            done = i + 1;
        }
        AppendAsItIs(text[done..]);
        Append('"');
    }

    // RFC 8259, section 7.
    private static bool MustBeEscaped(char character) => character is < ' ' or '"' or '\\';

    private void AppendEscaped(char character)
    {
        switch (character)
        {
            case '"':
                Append("\\\""u8);
                break;
            case '\\':
                Append("\\\\"u8);
                break;
            case '\n':
                Append("\\n"u8);
                break;
            case '\r':
                Append("\\r"u8);
                break;
            case '\t':
                Append("\\t"u8);
                break;
            default:
                AppendAsItIs($"\\u{(int)character:x4}");
                break;
        }
    }

    private void AppendAsItIs(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));

    private void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private void Append(char ascii) => Take(1)[0] = (byte)ascii;

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
