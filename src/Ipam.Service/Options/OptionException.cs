namespace Ipam.Service.Options;

/// <summary>An option can't be used; the message says which and why.</summary>
internal sealed class OptionException(string message) : Exception(message);
