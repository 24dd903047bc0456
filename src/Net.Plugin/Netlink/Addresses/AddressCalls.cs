namespace Net.Plugin.Netlink.Addresses;

/// <summary>The everyday questions about addresses.</summary>
internal static class AddressCalls
{
    /// <summary>The addresses of the interface, of both families. ENODEV if there is no such interface.</summary>
    /// <param name="socket">Asks its own namespace.</param>
    /// <param name="index">The interface's number.</param>
    /// <param name="namespaceId">The number of another namespace in which it is. Kernels before 4.20 take no notice of it.</param>
    public static List<InterfaceAddress> ListAddresses(this NetlinkSocket socket, int index, int? namespaceId = null) =>
        socket.Dump(
            new AddressList(index) { NamespaceId = namespaceId },
            message => InterfaceAddress.Parse(message) is { } address && address.Index == index ? address : null);

    /// <summary>The addresses of all interfaces, of both families.</summary>
    public static List<InterfaceAddress> ListAllAddresses(this NetlinkSocket socket) => socket.Dump(new AddressList(Index: 0), InterfaceAddress.Parse);
}
