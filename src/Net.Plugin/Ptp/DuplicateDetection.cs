using Net.Plugin.Interop;
using Net.Plugin.Netlink;
using Net.Plugin.Netlink.Addresses;

namespace Net.Plugin.Ptp;

/// <summary>Waits until the kernel knows whether anybody else on the link has the interface's IPv6 addresses (RFC 4862, section 5.4).</summary>
internal static class DuplicateDetection
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="NetlinkException">Somebody has one of them, or it is still unknown after five seconds.</exception>
    public static void Wait(NetlinkSocket socket, int index)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var addresses = socket.ListAddresses(index);
            if (addresses.Find(address => address.Flags.HasFlag(AddressFlags.DuplicateDetected)) is { } taken)
                throw new NetlinkException($"use address {taken.Address}", Errno.EADDRNOTAVAIL, "another host on the link has it");
            if (addresses.Find(address => address.Flags.HasFlag(AddressFlags.Tentative)) is not { } undecided)
                return;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new NetlinkException($"use address {undecided.Address}", Errno.ETIMEDOUT, "duplicate address detection did not end");
            Thread.Sleep(Interval);
        }
    }
}
