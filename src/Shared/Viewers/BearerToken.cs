using System.Buffers;

namespace IpamSuite.Shared.Viewers;

/// <summary>A token of a cluster, as requests bring it (RFC 6750).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int MostCharacters = 8000;

    /// <summary>The characters that a token may have (RFC 6750, section 2.1).</summary>
    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>The token that an Authorization header brings; null if it brings none.</summary>
    public static string? Of(string? header) =>
        header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is var token && IsToken(token) ? token : null;

    /// <summary>Whether a text could be a token.</summary>
    public static bool IsToken(string text) => text.Length is > 0 and <= MostCharacters && !text.AsSpan().ContainsAnyExcept(Characters);
}
