namespace Net.Plugin.Netlink;

/// <summary>Bytes that should be a netlink message are not one.</summary>
internal sealed class MalformedMessageException(string message) : HostException(message);
