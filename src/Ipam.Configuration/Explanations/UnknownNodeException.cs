namespace Ipam.Configuration.Explanations;

/// <summary>What is asked depends on a node, and which one isn't known; the message says what to do.</summary>
public sealed class UnknownNodeException(string message) : Exception(message);
