namespace IpamSuite.Shared;

/// <summary>An option or the configuration can't be used; the message says which, why, and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
