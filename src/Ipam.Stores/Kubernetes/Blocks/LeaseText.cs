using System.Globalization;
using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Stores.Kubernetes.Blocks;

/// <summary>
/// A lease in one line, such as <c>12 s=1700000000000001 c=3f2a… p=web-0 u=6ba7… x=f81d…</c>: the offset in the block, then keys and values.
/// Keys whose value is zero or empty are left out; a space in a value is written %20, a percent sign %25. One text per lease is what the
/// API server takes least time for, by far: it looks at every field of every object at each write.
/// </summary>
internal static class LeaseText
{
    /// <summary>Ticks of the calendar, of 100 ns each, at the time that a sequence stands for. Sequences are below 2^53: this overflows nothing.</summary>
    private static long TicksOf(long sequence) => DateTimeOffset.UnixEpoch.Ticks + sequence * TimeSpan.TicksPerMicrosecond;

    /// <summary>The line of <paramref name="lease"/>.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="common">The number of the entry with what the lease has in common with others.</param>
    /// <param name="sharedNetns">How much of the path of the network namespace that entry has.</param>
    public static string Format(Lease lease, int common, int sharedNetns)
    {
        var line = new StringBuilder(256).Append(CultureInfo.InvariantCulture, $"{BlockId.OffsetOf(lease.Address)} s={lease.Sequence}");
        Append(line, 't', lease.AcquiredAt.UtcTicks - TicksOf(lease.Sequence));
        Append(line, 'i', common);
        Append(line, 'e', lease.Entry);
        Append(line, 'c', lease.Owner.ContainerId);
        Append(line, 'p', lease.Pod?.Name);
        Append(line, 'u', lease.Pod?.Uid);
        Append(line, 'x', lease.NetworkNamespace[sharedNetns..]);
        return line.ToString();
    }

    /// <summary>The lease of a line.</summary>
    /// <exception cref="FormatException">The line is not as this program writes them.</exception>
    public static Lease Parse(string line, BlockId id, IReadOnlyList<LeaseCommons> commons)
    {
        string container = "", pod = "", uid = "", netns = "";
        long offset = -1, sequence = 0, time = 0, entry = 0, index = 0;
        foreach (var part in line.AsSpan().Split(' '))
        {
            var text = line.AsSpan()[part];
            if (offset < 0)
            {
                offset = Number(text);
                continue;
            }
            if (text.Length < 2 || text[1] != '=')
                throw new FormatException($"'{text}' in '{line}' is not KEY=VALUE");
            var value = text[2..];
            switch (text[0])
            {
                case 's': sequence = Number(value); break;
                case 't': time = Number(value); break;
                case 'i': index = Number(value); break;
                case 'e': entry = Number(value); break;
                case 'c': container = Unescape(value); break;
                case 'p': pod = Unescape(value); break;
                case 'u': uid = Unescape(value); break;
                case 'x': netns = Unescape(value); break;
                default: throw new FormatException($"the key '{text[0]}' in '{line}' is unknown; is a newer program at work?");
            }
        }
        if (offset is < 0 or >= BlockId.Size || index >= commons.Count)
            throw new FormatException($"'{line}' names an offset or an entry that isn't there");
        var common = commons[(int)index];
        return new Lease
        {
            Space = id.Space,
            Address = id.AddressAt((int)offset),
            Owner = new Owner(common.Network, container, common.Interface),
            Entry = (int)entry,
            Sequence = sequence,
            Node = common.Node,
            Pod = common.PodNamespace is { } space ? new PodReference(space, pod, uid) : null,
            NetworkNamespace = common.NetnsStart + netns,
            AcquiredAt = new DateTimeOffset(TicksOf(sequence) + time, TimeSpan.Zero),
            Cooldown = TimeSpan.FromSeconds(common.CooldownSeconds),
        };
    }

    private static void Append(StringBuilder line, char key, long value)
    {
        if (value != 0)
            line.Append(CultureInfo.InvariantCulture, $" {key}={value}");
    }

    private static void Append(StringBuilder line, char key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            line.Append(' ').Append(key).Append('=').Append(value.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal));
    }

    private static string Unescape(ReadOnlySpan<char> value) =>
        value.ToString().Replace("%20", " ", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
