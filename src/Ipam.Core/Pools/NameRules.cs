using System.Buffers;

namespace Ipam.Core.Pools;

/// <summary>How pools, reservations and spaces may be named. Each check returns the problem as text, or null.</summary>
public static class NameRules
{
    /// <summary>The longest name of a pool or a reservation (RFC 1123, section 2.1, as Kubernetes reads it).</summary>
    public const int MaxNameLength = 253;

    /// <summary>The longest name of a space.</summary>
    public const int MaxSpaceLength = 63;

    private static readonly SearchValues<char> SpaceCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Checks the name of a pool or a reservation: a lower-case DNS subdomain.</summary>
    /// <param name="kind">What is named, for the message.</param>
    /// <param name="name">The name.</param>
    public static string? CheckName(string kind, string name) => IsSubdomain(name)
        ? null
        : $"\"{name}\" is no name for a {kind}: up to {MaxNameLength} of a-z, 0-9, '-' and '.', each part between dots beginning and ending with a letter or digit";

    /// <summary>Checks the name of a space.</summary>
    public static string? CheckSpace(string space) =>
        space.Length is > 0 and <= MaxSpaceLength && char.IsAsciiLetterOrDigit(space[0]) && !space.AsSpan().ContainsAnyExcept(SpaceCharacters)
            ? null
            : $"space \"{space}\" is no name: up to {MaxSpaceLength} of a-z, A-Z, 0-9, '.', '_' and '-', beginning with a letter or digit";

    private static bool IsSubdomain(string name)
    {
        if (name.Length is 0 or > MaxNameLength)
            return false;
        foreach (var part in name.AsSpan().Split('.'))
        {
            if (!IsLabel(name.AsSpan()[part]))
                return false;
        }
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
            return false;
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        }
        return true;
    }
}
