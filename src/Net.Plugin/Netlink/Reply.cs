using Net.Plugin.Interop;

namespace Net.Plugin.Netlink;

/// <summary>What came back for one request: how it went and, for a query, the message that answers it.</summary>
internal sealed class Reply
{
    private ushort _type;
    private byte[]? _payload;

    public Errno Errno { get; private set; }

    public string? KernelText { get; private set; }

    /// <summary>Parses the answer to a query.</summary>
    /// <exception cref="MalformedMessageException">There was none: the kernel acknowledged the query without answering it.</exception>
    public T Parse<T>(MessageParser<T> parse)
        where T : class =>
        _payload is null
            ? throw new MalformedMessageException("the kernel acknowledged a query without answering it")
            : parse(new NetlinkMessage(_type, MessageFlags.None, 0, _payload))
                ?? throw new MalformedMessageException("the kernel answered a query with something else");

    internal void Take(NetlinkMessage message)
    {
        _type = message.Type;
        _payload = message.Payload.ToArray();
    }

    internal void Take(Acknowledgement acknowledgement) => (Errno, KernelText) = (acknowledgement.Errno, acknowledgement.KernelText);
}
