using Net.Plugin.Interop;

namespace Net.Plugin.Netlink;

/// <summary>
/// Requests and their answers over one netlink socket. It belongs to the network namespace in which it was opened and may be used from
/// any thread, one at a time.
/// </summary>
internal sealed class NetlinkSocket(IDatagramPort port) : IDisposable
{
    /// <summary>Requests in one datagram: their acknowledgements fit into a receive buffer of the default size several times over.</summary>
    public const int LargestBatch = 64;

    // A dump is restarted when the kernel's list changed while it was read. On a busy host that happens again and again, but not this often.
    private const int LargestDumpAttempts = 50;

    // The kernel cuts dumps into pieces of at most 32 KiB.
    private const int ReceiveSize = 32 * 1024;

    private readonly RequestBuffer _requests = new();
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(ReceiveSize);
    private uint _sequence;

    /// <summary>Opens a socket in the network namespace of the calling thread.</summary>
    public static NetlinkSocket Open(NetlinkProtocol protocol) => new(new KernelPort(protocol));

    /// <summary>
    /// Sends all requests at once; the kernel works through them in this order, and goes on after one that it refuses.
    /// Returns a reply for each.
    /// </summary>
    /// <exception cref="NetlinkException">The first request that the kernel refused.</exception>
    public Reply[] Execute(params ReadOnlySpan<INetlinkRequest> requests)
    {
        var replies = TryExecute(requests);
        for (var i = 0; i < replies.Length; i++)
        {
            if (replies[i].Errno != Errno.None)
                throw new NetlinkException(requests[i].Describe(), replies[i].Errno, replies[i].KernelText);
        }
        return replies;
    }

    /// <summary>The same, with a refusal as a value in the reply.</summary>
    /// <exception cref="NetlinkException">The requests could not be sent, or the answers did not come.</exception>
    public Reply[] TryExecute(params ReadOnlySpan<INetlinkRequest> requests)
    {
        var replies = new Reply[requests.Length];
        for (var i = 0; i < replies.Length; i++)
            replies[i] = new Reply();
        for (var start = 0; start < requests.Length; start += LargestBatch)
        {
            var count = Math.Min(LargestBatch, requests.Length - start);
            Exchange(requests.Slice(start, count), replies.AsSpan(start, count));
        }
        return replies;
    }

    /// <summary>Everything the kernel lists for the request, as it was at one moment.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or the list kept changing.</exception>
    public List<T> Dump<T>(INetlinkRequest request, MessageParser<T> parse)
        where T : class
    {
        for (var attempt = 0; attempt < LargestDumpAttempts; attempt++)
        {
            var items = new List<T>();
            if (TryDump(request, parse, items))
                return items;
        }
        throw new NetlinkException(request.Describe(), Errno.EINTR, $"the list changed during each of {LargestDumpAttempts} attempts to read it");
    }

    public void Dispose() => port.Dispose();

    private void Exchange(ReadOnlySpan<INetlinkRequest> requests, Span<Reply> replies)
    {
        _requests.Clear();
        var first = _sequence + 1;
        var waiting = 0;
        foreach (var request in requests)
        {
            _requests.Append(request, request.WantsAnswer ? MessageFlags.Ack : MessageFlags.None, ++_sequence);
            waiting += request.WantsAnswer ? 1 : 0;
        }
        Send(requests[0]);

        while (waiting > 0)
        {
            var messages = new MessageReader(Receive(requests[0]));
            while (messages.TryRead(out var message))
            {
                // An answer that belongs to an earlier exchange, which was given up, is nobody's now.
                var index = message.Sequence - first;
                if (index >= (uint)requests.Length)
                    continue;
                if (message.Type != MessageType.Error)
                {
                    replies[(int)index].Take(message);
                    continue;
                }
                replies[(int)index].Take(Acknowledgement.Parse(message));
                // Only errors are reported for the frame of a batch, and then the batch as a whole is refused.
                waiting = requests[(int)index].WantsAnswer ? waiting - 1 : 0;
            }
        }
    }

    // False when the list changed meanwhile or a part of it was lost: the items are not one consistent state then.
    private bool TryDump<T>(INetlinkRequest request, MessageParser<T> parse, List<T> items)
        where T : class
    {
        _requests.Clear();
        _requests.Append(request, MessageFlags.Dump, ++_sequence);
        Send(request);
        var consistent = true;
        while (true)
        {
            var datagram = Receive(request, out var lost);
            consistent &= !lost;
            var messages = new MessageReader(datagram);
            while (messages.TryRead(out var message))
            {
                if (message.Sequence != _sequence)
                    continue;
                consistent &= !message.Flags.HasFlag(MessageFlags.DumpInterrupted);
                if (message.Type is MessageType.Done or MessageType.Error)
                {
                    ThrowIfRefused(request, message);
                    return consistent;
                }
                if (parse(message) is { } item)
                    items.Add(item);
            }
        }
    }

    // A dump's end carries an error number too: at its start, as an acknowledgement does.
    private static void ThrowIfRefused(INetlinkRequest request, NetlinkMessage end)
    {
        if (end.Type == MessageType.Done && end.Payload.Length < sizeof(int))
            return;
        var (errno, text) = Acknowledgement.Parse(end);
        if (errno != Errno.None)
            throw new NetlinkException(request.Describe(), errno, text);
    }

    private void Send(INetlinkRequest request)
    {
        var errno = port.Send(_requests.Datagram);
        if (errno != Errno.None)
            throw new NetlinkException(request.Describe(), errno, "the request could not be sent");
    }

    private ReadOnlySpan<byte> Receive(INetlinkRequest request)
    {
        var datagram = Receive(request, out var lost);
        return lost
            ? throw new NetlinkException(request.Describe(), Errno.ENOBUFS, "the answer was lost; raise net.core.rmem_default")
            : datagram;
    }

    private ReadOnlySpan<byte> Receive(INetlinkRequest request, out bool lost)
    {
        while (true)
        {
            var errno = port.Receive(_received, out var length, out var sender);
            lost = errno == Errno.ENOBUFS;
            if (lost)
                return default;
            if (errno == Errno.EAGAIN)
                throw new NetlinkException(request.Describe(), Errno.ETIMEDOUT, "the kernel did not answer");
            if (errno != Errno.None)
                throw new NetlinkException(request.Describe(), errno, "the answer could not be received");
            if (length > _received.Length)
                throw new NetlinkException(request.Describe(), Errno.EMSGSIZE, $"the answer has {length} bytes");
            if (sender == 0) // Anyone with the right to may send to the socket; only the kernel is listened to.
                return _received.AsSpan(0, length);
        }
    }
}

/// <summary>The netlink families spoken here, by the number that socket(2) wants.</summary>
internal enum NetlinkProtocol
{
    /// <summary>rtnetlink(7): links, addresses, routes.</summary>
    Route = 0,

    /// <summary>nfnetlink: nf_tables.</summary>
    Netfilter = 12,
}
