namespace Ipam.Plugin.Service;

/// <summary>No answer came from the service; the message says why.</summary>
internal sealed class ServiceUnreachableException(string message) : Exception(message);
