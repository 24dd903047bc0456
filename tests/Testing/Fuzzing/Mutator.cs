using System.Text;

namespace Testing.Fuzzing;

/// <summary>
/// Makes odd inputs out of good ones. The same seed makes the same inputs in the same order. JSON is changed by its tokens, so that most of what
/// comes out is still JSON, and now and then by its bytes.
/// </summary>
public sealed class Mutator(int seed)
{
    private const int LongestText = 20_000;
    private const int MostChanges = 4;

    // What readers of JSON, numbers, names and addresses get wrong.
    private static readonly string[] Values =
    [
        "null", "true", "false", "{}", "[]", "[{}]", "\"\"", "0", "-1", "1e400", "-0.0", "1.5e3", "4294967296", "9223372036854775808",
        "12345678901234567890123", "\"\\ud800\"", "\"\\u0000\"", "\"\\u0009\\u0069\"", "\"a%d\"", "\"a%s%n\"", "\"../../etc/passwd\"", "\"\u20ac\"", "\"\ud83d\ude00\"",
        "\"0.0.0.0\"", "\"0.0.0.0/0\"", "\"127.0.0.1/8\"", "\"10.1.0.5\"", "\"10.1.0.5/24\"", "\"10.1.0.5/33\"", "\"255.255.255.255/32\"",
        "\"::\"", "\"::/0\"", "\"::1/128\"", "\"::ffff:10.1.0.5\"", "\"::ffff:10.1.0.5/120\"", "\"fe80::1%eth0\"", "\"2001:db8::5/64\"", "\"224.0.0.1/32\"",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A number from 0 to one below the limit.</summary>
    public int Below(int limit) => _random.Next(limit);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => _random.Next(times) == 0;

    /// <summary>One of them.</summary>
    public T Pick<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    /// <summary>JSON made of one of these, most of it still JSON.</summary>
    public byte[] Json(params ReadOnlySpan<string> seeds)
    {
        if (OneIn(20))
            return Bytes(seeds);
        var tokens = Tokens(Pick(seeds));
        for (var changes = 1 + Below(MostChanges); changes > 0; changes--)
            Change(tokens, seeds);
        var json = Encoding.UTF8.GetBytes(string.Concat(tokens));
        return OneIn(8) ? Damage(json) : json;
    }

    /// <summary>Bytes made of one of these, most of them no longer what they were.</summary>
    public byte[] Bytes(params ReadOnlySpan<string> seeds)
    {
        var bytes = Encoding.UTF8.GetBytes(Pick(seeds));
        for (var changes = 1 + Below(MostChanges); changes > 0; changes--)
            bytes = Damage(bytes);
        return bytes;
    }

    /// <summary>A text made of one of these; now and then one of them as it is.</summary>
    public string Text(params ReadOnlySpan<string> seeds) => Below(10) switch
    {
        < 5 => Pick(seeds),
        5 => "",
        6 => Pick<string>(Values).Trim('"'),
        7 => new string(Pick('a', '/', '%', '\u00e4', ';', '='), Below(300)),
        _ => Encoding.UTF8.GetString(Bytes(seeds)),
    };

    private static List<string> Tokens(string json)
    {
        List<string> tokens = [];
        for (var start = 0; start < json.Length;)
        {
            var end = start + 1;
            if (json[start] == '"')
            {
                while (end < json.Length && json[end] != '"')
                    end += json[end] == '\\' ? 2 : 1;
                end = Math.Min(end + 1, json.Length);
            }
            else if (IsWord(json[start]))
            {
                while (end < json.Length && IsWord(json[end]))
                    end++;
            }
            tokens.Add(json[start..end]);
            start = end;
        }
        return tokens;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.';

    private void Change(List<string> tokens, ReadOnlySpan<string> seeds)
    {
        if (tokens.Count == 0)
            return;
        var at = Below(tokens.Count);
        switch (Below(9))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens[at] = tokens[at].ToUpperInvariant();
                break;
            case 2:
                tokens[at] = Pick<string>([.. Tokens(Pick(seeds)), "null"]);
                break;
            case 3 when Members(tokens, at) is var (start, end):
                tokens.InsertRange(end, [",", .. tokens[start..end]]);
                break;
            case 4:
                Wrap(tokens, at, Pick(2, 64, 65, 200, 2000));
                break;
            case 5:
                tokens[at] = $"\"{new string('x', Below(LongestText))}\"";
                break;
            case 6:
                tokens.InsertRange(at, ["\"other\"", ":", Pick<string>(Values), ","]);
                break;
            default:
                ReplaceValue(tokens, at);
                break;
        }
    }

    // A whole member of an object, from its key to the end of a simple value: where one begins at the place.
    private static (int Start, int End)? Members(List<string> tokens, int at) =>
        at + 2 < tokens.Count && tokens[at][0] == '"' && tokens[at + 1] == ":" ? (at, at + 3) : null;

    private static void Wrap(List<string> tokens, int at, int depth)
    {
        tokens[at] = string.Concat(new string('[', depth), tokens[at], new string(']', depth));
    }

    private void ReplaceValue(List<string> tokens, int at)
    {
        for (var i = at; i < tokens.Count; i++)
        {
            if (IsWord(tokens[i][0]) || (tokens[i][0] == '"' && (i + 1 == tokens.Count || tokens[i + 1] != ":")))
            {
                tokens[i] = Pick<string>(Values);
                return;
            }
        }
    }

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)Below(256)];
        var at = Below(bytes.Length);
        switch (Below(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << Below(8));
                return bytes;
            case 1:
                return bytes[..at];
            case 2:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + Below(8))..]];
            case 3:
                return [.. bytes[..at], (byte)Below(256), .. bytes[at..]];
            default:
                var length = Math.Min(Below(64), bytes.Length - at);
                return [.. bytes, .. bytes.AsSpan(at, length)];
        }
    }
}
