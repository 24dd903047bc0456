using System.Buffers.Binary;
using System.Text;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;

namespace Ipam.Stores.History;

/// <summary>
/// Events as few bytes, one after the other; <see cref="EventReader"/> reads them. Numbers take seven bits of a byte each, the low ones first. A text is its length in
/// bytes and its form in the lowest two bits, then the bytes: container ids and UIDs take half of their digits. Used again and again, it allocates nothing. Not
/// thread-safe.
/// </summary>
internal sealed class EventWriter
{
    internal const int IsEnd = 1;
    internal const int HasPod = 2;
    internal const int IsByNode = 4;
    internal const int IsShort = 8;

    internal const int AsUtf8 = 0;
    internal const int AsDigits = 1;
    internal const int AsUid = 2;

    private const int LongestAddress = 16;
    private const int UidBytes = 16;
    private const int UidDigits = 36;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Begins anew.</summary>
    public void Clear() => _length = 0;

    /// <summary>All events of a change, whole; those of one address in their order.</summary>
    /// <param name="change">The change, as it is written.</param>
    /// <param name="endedAt">When leases ended: milliseconds of the Unix epoch.</param>
    /// <param name="begunAt">When leases began.</param>
    public void Write(BlockChange change, long endedAt, long begunAt)
    {
        for (var i = 0; i < change.Ended.Count; i++)
        {
            var (lease, reason) = change.Ended[i];
            WriteToken(lease);
            WriteEnd(lease, reason, endedAt);
        }
        for (var i = 0; i < change.Added.Count; i++)
        {
            WriteToken(change.Added[i]);
            WriteBegin(change.Added[i], change.WhyBegun(change.Added[i]), begunAt);
        }
    }

    /// <summary>An event, whole.</summary>
    public void Write(LeaseEvent one)
    {
        WriteToken(one.Lease);
        var at = one.At.ToUnixTimeMilliseconds();
        if (one.Ended is { } ended)
            WriteEnd(one.Lease, ended, at);
        else
            WriteBegin(one.Lease, one.Began!.Value, at);
    }

    /// <summary>The begin of a lease, without where it is.</summary>
    public void WriteBegin(Lease lease, BeginReason reason, long at)
    {
        var isByNode = reason.By == lease.Node;
        WriteHead((lease.Pod is null ? 0 : HasPod) | (isByNode ? IsByNode : 0), (int)reason.Cause, at);
        if (!isByNode)
            Write(reason.By);
        WriteLease(lease, at);
    }

    /// <summary>The begin of a lease of which others tell where it is and whose: when its address was handed out, and why.</summary>
    public void WriteShortBegin(Lease lease, BeginReason reason)
    {
        var isByNode = reason.By == lease.Node;
        WriteHead(IsShort | (isByNode ? IsByNode : 0), (int)reason.Cause, lease.AcquiredAt.ToUnixTimeMilliseconds());
        if (!isByNode)
            Write(reason.By);
    }

    /// <summary>The end of a lease, without where it is.</summary>
    public void WriteEnd(Lease lease, ReleaseReason reason, long at)
    {
        var isByNode = reason.By == lease.Node;
        WriteHead(IsEnd | (lease.Pod is null ? 0 : HasPod) | (isByNode ? IsByNode : 0), (int)reason.Cause, at);
        if (!isByNode)
            Write(reason.By);
        Write(reason.Evidence);
        WriteLease(lease, at);
    }

    /// <summary>Where a lease is: its address, and its sequence as a number with a point, which takes the same room whatever it is.</summary>
    public void WriteWhere(Lease lease)
    {
        Write(lease.Address);
        Ensure(sizeof(double));
        BinaryPrimitives.WriteDoubleBigEndian(_bytes.AsSpan(_length), lease.Sequence);
        _length += sizeof(double);
    }

    private void WriteToken(Lease lease)
    {
        Write(lease.Space);
        Write(lease.Address);
        Write(lease.Sequence);
    }

    private void Write(Address address)
    {
        Ensure(1 + LongestAddress);
        _bytes[_length++] = (byte)address.Family;
        _length += address.Write(_bytes.AsSpan(_length));
    }

    private void WriteHead(int flags, int cause, long at)
    {
        Write(flags);
        Write(cause);
        Write(at);
    }

    private void WriteLease(Lease lease, long at)
    {
        Write(lease.Node);
        Write(lease.Owner.Network);
        Write(lease.Owner.ContainerId);
        Write(lease.Owner.InterfaceName);
        Write(lease.Entry);
        Write(at - lease.AcquiredAt.ToUnixTimeMilliseconds());
        if (lease.Pod is not { } pod)
            return;
        Write(pod.Namespace);
        Write(pod.Name);
        Write(pod.Uid);
    }

    private void Write(long number)
    {
        Ensure(10);
        var rest = (ulong)number;
        for (; rest >= 0x80; rest >>= 7)
            _bytes[_length++] = (byte)(rest | 0x80);
        _bytes[_length++] = (byte)rest;
    }

    private void Write(string text)
    {
        if (text.Length == UidDigits && TryWriteUid(text) || text.Length >= 8 && text.Length % 2 == 0 && TryWriteDigits(text))
            return;
        var length = Utf8.GetByteCount(text);
        Write((long)length << 2 | AsUtf8);
        Ensure(length);
        _length += Utf8.GetBytes(text, _bytes.AsSpan(_length));
    }

    private bool TryWriteUid(string text)
    {
        if (!Guid.TryParseExact(text, "D", out var uid) || text.AsSpan().IndexOfAnyInRange('A', 'F') >= 0)
            return false;
        Write((long)UidBytes << 2 | AsUid);
        Ensure(UidBytes);
        uid.TryWriteBytes(_bytes.AsSpan(_length), bigEndian: true, out _);
        _length += UidBytes;
        return true;
    }

    private bool TryWriteDigits(string text)
    {
        if (!HexDigits.Are(text))
            return false;
        var start = _length;
        Write((long)(text.Length / 2) << 2 | AsDigits);
        Ensure(text.Length / 2);
        if (Convert.FromHexString(text, _bytes.AsSpan(_length), out _, out var written) == System.Buffers.OperationStatus.Done)
        {
            _length += written;
            return true;
        }
        _length = start;
        return false;
    }

    private void Ensure(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + more, 2 * _bytes.Length));
    }
}
