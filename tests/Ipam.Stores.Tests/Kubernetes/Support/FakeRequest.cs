namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>A request that a <see cref="FakeApi"/> got.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
internal sealed record FakeRequest(string Method, string Path, ILookup<string, string> Headers, string Body)
{
    /// <summary>The bearer token; null for none.</summary>
    public string? Token => Header("Authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);

    /// <summary>The media types asked for.</summary>
    public string Accept => Header("Accept") ?? "";

    /// <summary>The name that the client asked for in TLS; empty for none.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Who the client's certificate says it is; null for none.</summary>
    public string? Client { get; init; }

    /// <summary>A header that comes once at most.</summary>
    public string? Header(string name) => Headers[name].SingleOrDefault();

    /// <summary>Who asks, and for what name, in a line: all that a kubeconfig decides of it.</summary>
    public string Summary => string.Join(" | ", (string[])
    [
        .. Headers["Authorization"],
        .. Client is null ? (string[])[] : [Client],
        .. ServerName.Length == 0 ? (string[])[] : [$"for {ServerName}"],
        .. Headers.Where(static header => header.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
            .SelectMany(static header => header.Select(value => $"{header.Key}: {value}")),
    ]);
}
