using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>
/// A lease in one line, such as <c>12 s=1700000000000001 c=3f2a… p=web-0 u=6ba7… x=f81d…/net:[4026532281]@1f2e3d4c</c>: the offset in the block, then keys and values.
/// Keys whose value is zero or empty are left out; a space in a value is written %20, a percent sign %25. One text per lease is what the
/// API server takes least time for, by far: it looks at every field of every object at each write.
/// </summary>
internal static class LeaseText
{
    private const int MostNumberBytes = 20;

    /// <summary>Writes the line of <paramref name="lease"/>.</summary>
    /// <param name="line">Where to; it is emptied first.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="common">The number of the entry with what the lease has in common with others.</param>
    /// <param name="sharedNetns">How much of the path of the network namespace that entry has.</param>
    public static void Write(PooledBuffer line, Lease lease, int common, int sharedNetns)
    {
        line.Clear();
        Append(line, BlockId.OffsetOf(lease.Address));
        AppendKey(line, 's');
        Append(line, lease.Sequence);
        Append(line, 't', lease.AcquiredAt.UtcTicks - TicksOf(lease.Sequence));
        Append(line, 'i', common);
        Append(line, 'e', lease.Entry);
        Append(line, 'c', lease.Owner.ContainerId);
        Append(line, 'p', lease.Pod?.Name);
        Append(line, 'u', lease.Pod?.Uid);
        Append(line, 'x', lease.PlaceText.AsSpan(sharedNetns));
    }

    /// <summary>The lease of a line.</summary>
    /// <exception cref="FormatException">The line is not as this program writes them.</exception>
    public static Lease Parse(ReadOnlySpan<byte> line, BlockId id, IReadOnlyList<LeaseCommons>? commons)
    {
        string container = "", pod = "", uid = "", netns = "";
        long offset = -1, sequence = 0, time = 0, entry = 0, index = 0;
        for (var rest = line; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)' ');
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (offset < 0)
            {
                offset = Number(text, line);
                continue;
            }
            if (text.Length < 2 || text[1] != '=')
                throw new FormatException($"'{Encoding.UTF8.GetString(text)}' in '{Encoding.UTF8.GetString(line)}' is not KEY=VALUE");
            var value = text[2..];
            switch ((char)text[0])
            {
                case 's': sequence = Number(value, line); break;
                case 't': time = Number(value, line); break;
                case 'i': index = Number(value, line); break;
                case 'e': entry = Number(value, line); break;
                case 'c': container = Unescape(value); break;
                case 'p': pod = Unescape(value); break;
                case 'u': uid = Unescape(value); break;
                case 'x': netns = Unescape(value); break;
                default: throw new FormatException($"the key '{(char)text[0]}' in '{Encoding.UTF8.GetString(line)}' is unknown; is a newer program at work?");
            }
        }
        if (offset is < 0 or >= BlockId.Size || index < 0 || index >= (commons?.Count ?? 0))
            throw new FormatException($"'{Encoding.UTF8.GetString(line)}' names an offset or an entry that isn't there");
        var common = commons![(int)index];
        var (place, mark) = StickyMark.Split(common.NetnsStart + netns);
        var (path, identity) = NamespaceIdentity.Split(place);
        return new Lease
        {
            Space = id.Space,
            Address = id.AddressAt((int)offset),
            Owner = new Owner(common.Network, container, common.Interface),
            Entry = checked((int)entry),
            Sequence = sequence,
            Node = common.Node,
            Pod = common.PodNamespace is { } space ? new PodReference(space, pod, uid) : null,
            NetworkNamespace = path,
            NamespaceIdentity = identity,
            Sticky = mark,
            AcquiredAt = new DateTimeOffset(checked(TicksOf(sequence) + time), TimeSpan.Zero),
            Cooldown = StoredData.Cooldown(common.CooldownSeconds),
        };
    }

    /// <summary>Ticks of the calendar, of 100 ns each, at the time that a sequence stands for. Sequences are below 2^53: this overflows nothing.</summary>
    private static long TicksOf(long sequence) => checked(DateTimeOffset.UnixEpoch.Ticks + sequence * TimeSpan.TicksPerMicrosecond);

    private static void Append(PooledBuffer line, char key, long value)
    {
        if (value == 0)
            return;
        AppendKey(line, key);
        Append(line, value);
    }

    private static void Append(PooledBuffer line, char key, ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
            return;
        AppendKey(line, key);
        while (value.IndexOfAny(' ', '%') is >= 0 and var special)
        {
            AppendText(line, value[..special]);
            AppendText(line, value[special] == ' ' ? "%20" : "%25");
            value = value[(special + 1)..];
        }
        AppendText(line, value);
    }

    private static void AppendKey(PooledBuffer line, char key) => AppendText(line, [' ', key, '=']);

    private static void Append(PooledBuffer line, long value)
    {
        Utf8Formatter.TryFormat(value, line.GetSpan(MostNumberBytes), out var written);
        line.Advance(written);
    }

    private static void AppendText(PooledBuffer line, ReadOnlySpan<char> text) =>
        line.Advance(Encoding.UTF8.GetBytes(text, line.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private static string Unescape(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        return text.Contains('%', StringComparison.Ordinal)
            ? text.Replace("%20", " ", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal)
            : text;
    }

    private static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> line) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{Encoding.UTF8.GetString(text)}' in '{Encoding.UTF8.GetString(line)}' is not a number");
}
