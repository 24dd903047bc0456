using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ipam.Bench.Ptp;

/// <summary>What the benchmark asks of the kernel itself.</summary>
internal static unsafe partial class KernelNetwork
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET
    private const int NetlinkFamily = 16; // AF_NETLINK
    private const int RawSocket = 3; // SOCK_RAW
    private const int MessageSize = 32; // struct nlmsghdr, struct ifinfomsg
    private const ushort DeleteLink = 17; // RTM_DELLINK
    private const ushort RequestWithAck = 5; // NLM_F_REQUEST | NLM_F_ACK
    private const int IndexOffset = 20;
    private const int AddressSize = 12; // struct sockaddr_nl

    /// <summary>Gives this thread, and those it starts, a network namespace of its own as the host's. It ends with the process.</summary>
    public static void BecomeAnEmptyHost() => Check(unshare(NewNetwork) == 0);

    /// <summary>Deletes the only veth of this thread's namespace with one request; returns how long the kernel took.</summary>
    public static TimeSpan DeleteVeth()
    {
        var name = Path.GetFileName(Directory.EnumerateDirectories("/proc/sys/net/ipv4/conf", "veth*").Single());
        var message = stackalloc byte[MessageSize];
        var bytes = new Span<byte>(message, MessageSize);
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, MessageSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], DeleteLink);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], RequestWithAck);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[IndexOffset..], if_nametoindex(name));

        var address = stackalloc byte[AddressSize];
        new Span<byte>(address, AddressSize).Clear();
        *(ushort*)address = NetlinkFamily;
        var answer = stackalloc byte[512];
        var netlink = socket(NetlinkFamily, RawSocket, 0);
        Check(netlink >= 0);
        var start = Stopwatch.GetTimestamp();
        Check(sendto(netlink, message, MessageSize, 0, address, AddressSize) == MessageSize);
        Check(recv(netlink, answer, 512, 0) > 0);
        var elapsed = Stopwatch.GetElapsedTime(start);
        _ = close(netlink);
        return *(int*)(answer + 16) == 0 ? elapsed : throw new Win32Exception(-*(int*)(answer + 16));
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
            throw new Win32Exception();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendto(int descriptor, byte* buffer, nint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
