namespace Net.Plugin.Firewall.Backends;

/// <summary>The firewall can't be made to do what the configuration asks, or a program that drives it failed.</summary>
internal sealed class FirewallException(string message) : HostException(message);
