namespace Ipam.Core.Tests.Addresses;

/// <summary>Reads IPv6 text by the letter of RFC 4291 section 2.2: slow, and short enough to be believed.</summary>
internal static class StrictIpv6
{
    private static readonly string[] Octets = [.. Enumerable.Range(0, 256).Select(static octet => $"{octet}")];

    public static UInt128? Parse(string text)
    {
        var halves = text.Split("::");
        if (halves.Length > 2)
            return null;
        var left = Groups(halves[0], mayEndInDottedQuad: halves.Length == 1);
        var right = halves.Length == 2 ? Groups(halves[1], mayEndInDottedQuad: true) : [];
        if (left is null || right is null)
            return null;
        var missing = 8 - left.Count - right.Count;
        if (halves.Length == 2 ? missing < 1 : missing != 0)
            return null;
        UInt128 value = 0;
        foreach (var group in left.Concat(Enumerable.Repeat(0, missing)).Concat(right))
            value = (value << 16) | (uint)group;
        return value;
    }

    private static List<int>? Groups(string text, bool mayEndInDottedQuad)
    {
        var groups = new List<int>();
        if (text.Length == 0)
            return groups;
        var parts = text.Split(':');
        for (var i = 0; i < parts.Length; i++)
        {
            if (mayEndInDottedQuad && i == parts.Length - 1 && parts[i].Contains('.', StringComparison.Ordinal))
            {
                if (DottedQuad(parts[i]) is not { } quad)
                    return null;
                groups.AddRange([(int)(quad >> 16), (int)(quad & 0xffff)]);
                continue;
            }
            if (parts[i].Length is < 1 or > 4 || !parts[i].All(Uri.IsHexDigit))
                return null;
            groups.Add(Convert.ToInt32(parts[i], 16));
        }
        return groups;
    }

    public static uint? DottedQuad(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 4)
            return null;
        uint value = 0;
        foreach (var part in parts)
        {
            var octet = Array.IndexOf(Octets, part);
            if (octet < 0)
                return null;
            value = (value << 8) + (uint)octet;
        }
        return value;
    }
}
