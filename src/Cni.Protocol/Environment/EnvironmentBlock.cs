using System.Text;

namespace Cni.Protocol;

/// <summary>
/// A process's whole environment as the kernel keeps it (proc_pid_environ(5)): entries <c>NAME=value</c>, a zero byte behind each. Bytes, so that
/// another process gets every value as it is, be it UTF-8 or not. Never changes; safe for use by several threads at once.
/// </summary>
public sealed class EnvironmentBlock
{
    private readonly byte[] _bytes;

    /// <summary>A block of these bytes.</summary>
    /// <param name="bytes">The entries; the last one's zero byte may be missing.</param>
    public EnvironmentBlock(ReadOnlySpan<byte> bytes) => _bytes = bytes.IsEmpty || bytes[^1] == 0 ? bytes.ToArray() : [.. bytes, 0];

    /// <summary>A block of these entries.</summary>
    /// <param name="entries">Each <c>NAME=value</c>.</param>
    public EnvironmentBlock(IEnumerable<string> entries)
        : this(Encoding.UTF8.GetBytes(string.Join('\0', entries)))
    {
    }

    /// <summary>The entries, a zero byte behind each.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The variable's value, empty when there is none; of several the first, as getenv(3) gives it.</summary>
    public string Get(string name)
    {
        var start = Encoding.UTF8.GetBytes($"{name}=");
        foreach (var range in Bytes.Split((byte)0))
        {
            if (Bytes[range].StartsWith(start))
                return Encoding.UTF8.GetString(Bytes[range][start.Length..]);
        }
        return "";
    }

    /// <summary>The same environment with a variable set.</summary>
    public EnvironmentBlock With(string name, string value)
    {
        var start = Encoding.UTF8.GetBytes($"{name}=");
        var bytes = new List<byte>(_bytes.Length);
        foreach (var range in Bytes.Split((byte)0))
        {
            var entry = Bytes[range];
            if (entry.IsEmpty || entry.StartsWith(start))
                continue;
            bytes.AddRange(entry);
            bytes.Add(0);
        }
        bytes.AddRange(start);
        bytes.AddRange(Encoding.UTF8.GetBytes(value));
        return new EnvironmentBlock([.. bytes]);
    }
}
