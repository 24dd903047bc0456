namespace Net.Plugin.Netlink.Addresses;

/// <summary>What an addition and a removal have in common: which address of which interface.</summary>
internal static class AddressTarget
{
    public static void Write(ref NetlinkWriter writer, int index, IpPrefix address, byte scope)
    {
        writer.Structure(new AddressHeader { Family = address.Family, PrefixLength = (byte)address.Length, Scope = scope, Index = index });
        writer.Attribute(AddressAttribute.Local, address.Address);
        writer.Attribute(AddressAttribute.Address, address.Address);
    }
}
