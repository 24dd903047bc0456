namespace Net.Plugin.Netlink;

/// <summary>Makes a value of one message of a dump; null for a message that is not wanted.</summary>
internal delegate T? MessageParser<out T>(NetlinkMessage message)
    where T : class;
