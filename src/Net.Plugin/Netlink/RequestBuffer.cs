namespace Net.Plugin.Netlink;

/// <summary>The datagram being put together: requests one after the other, growing as needed.</summary>
internal sealed class RequestBuffer
{
    // No single request here comes near: the longest carry a rule's expressions and its comment.
    private const int LargestRequest = 4096;

    private byte[] _bytes = new byte[LargestRequest];
    private int _length;

    public ReadOnlySpan<byte> Datagram => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Append(INetlinkRequest request, MessageFlags flags, uint sequence)
    {
        if (_bytes.Length - _length < LargestRequest)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + LargestRequest));
        var writer = new NetlinkWriter(_bytes.AsSpan(_length));
        var message = writer.BeginMessage(request.Type, request.Flags | flags | MessageFlags.Request, sequence);
        request.Write(ref writer);
        writer.EndMessage(message);
        _length += writer.Length;
    }
}
