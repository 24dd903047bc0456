namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>A request that a <see cref="FakeApi"/> got.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Token">The bearer token; null for none.</param>
/// <param name="Accept">The media types asked for.</param>
/// <param name="Body">The body.</param>
internal sealed record FakeRequest(string Method, string Path, string? Token, string Accept, string Body);
