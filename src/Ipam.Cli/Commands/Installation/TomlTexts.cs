using System.Text;

namespace Ipam.Cli.Commands.Installation;

/// <summary>
/// The texts in a TOML document, and its lists of texts, by their full names with slashes between the parts: <c>plugins/io.containerd.grpc.v1.cri/cni/bin_dir</c>.
/// Everything else in it is passed over, also what isn't TOML: the runtime reads the file as well, and says what is wrong with it.
/// </summary>
internal sealed class TomlTexts
{
    private readonly Dictionary<string, IReadOnlyList<string>> _texts = [];
    private readonly string _document;
    private int _at;

    private TomlTexts(string document) => _document = document;

    /// <summary>Reads a document. Of a name that is there twice, the last counts.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string document)
    {
        var reader = new TomlTexts(document);
        reader.Read();
        return reader._texts;
    }

    private bool IsAtEnd => _at >= _document.Length;

    private char Next => _document[_at];

    private void Read()
    {
        var table = "";
        while (!IsAtEnd)
        {
            SkipSpace(overLines: true);
            if (IsAtEnd)
                return;
            if (Next == '[')
                table = ReadTable();
            else if (ReadName('=') is { Length: > 0 } name)
                ReadValue(table.Length == 0 ? name : $"{table}/{name}");
            SkipLine();
        }
    }

    private string ReadTable()
    {
        while (!IsAtEnd && Next == '[')
            _at++;
        return ReadName(']');
    }

    /// <summary>Parts with points between them, up to the sign that ends it; empty if there is none in this line.</summary>
    private string ReadName(char end)
    {
        var parts = new List<string>();
        while (true)
        {
            SkipSpace();
            if (IsAtEnd || (Next is '\n' or '#' or '=' or ']' && Next != end))
                return "";
            parts.Add(Next is '"' or '\'' ? ReadText() : ReadBare());
            SkipSpace();
            if (IsAtEnd || (Next != '.' && Next != end))
                return "";
            if (_document[_at++] == end)
                return string.Join('/', parts);
        }
    }

    private string ReadBare()
    {
        var start = _at;
        while (!IsAtEnd && (char.IsLetterOrDigit(Next) || Next is '_' or '-'))
            _at++;
        return _document[start.._at];
    }

    private void ReadValue(string name)
    {
        SkipSpace();
        if (IsAtEnd)
            return;
        if (Next is '"' or '\'')
            _texts[name] = [ReadText()];
        else if (Next == '[')
            _texts[name] = ReadList();
    }

    private List<string> ReadList()
    {
        var texts = new List<string>();
        _at++;
        SkipSpace(overLines: true);
        while (!IsAtEnd && Next != ']')
        {
            if (Next is '"' or '\'')
                texts.Add(ReadText());
            else
                _at++;
            SkipSpace(overLines: true);
        }
        return texts;
    }

    /// <summary>A text in quotation marks, or in three of them.</summary>
    private string ReadText()
    {
        var mark = Next;
        var marks = string.CompareOrdinal(_document, _at, new string(mark, 3), 0, 3) == 0 ? 3 : 1;
        _at += marks;
        var text = new StringBuilder();
        while (!IsAtEnd && string.CompareOrdinal(_document, _at, new string(mark, marks), 0, marks) != 0 && (marks == 3 || Next != '\n'))
        {
            // Of the escapes, paths have these two at most.
            if (mark == '"' && Next == '\\' && _at + 1 < _document.Length && _document[_at + 1] is '"' or '\\')
                _at++;
            text.Append(Next);
            _at++;
        }
        _at += marks;
        return text.ToString();
    }

    private void SkipSpace(bool overLines = false)
    {
        while (!IsAtEnd && (Next is ' ' or '\t' or '\r' || (overLines && Next is '\n' or '#')))
        {
            if (Next == '#')
                SkipLine();
            else
                _at++;
        }
    }

    private void SkipLine()
    {
        while (!IsAtEnd && Next != '\n')
            _at++;
    }
}
