using System.Globalization;
using System.Text;
using Net.Plugin.Interop;

namespace Net.Plugin.Ptp;

/// <summary>The rights that the plugin needs (capabilities(7)): to change the network, and to enter the container's namespace.</summary>
internal static class Capabilities
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;
    private const string Line = "CapEff:\t";

    /// <summary>Null if nothing is missing, or if the kernel doesn't say.</summary>
    public static string? WhatIsMissing()
    {
        if (ReadEffective() is not { } effective)
            return null;
        List<string> missing = [];
        if ((effective & (1ul << NetAdmin)) == 0)
            missing.Add("CAP_NET_ADMIN");
        if ((effective & (1ul << SysAdmin)) == 0)
            missing.Add("CAP_SYS_ADMIN");
        return missing.Count == 0 ? null : $"the plugin runs without {string.Join(" and ", missing)}";
    }

    private static ulong? ReadEffective()
    {
        using var file = SystemFile.OpenToRead("/proc/thread-self/status", out var errno);
        if (errno != Errno.None)
            return null;
        Span<byte> buffer = stackalloc byte[4096];
        var text = Encoding.ASCII.GetString(buffer[..Math.Max(SystemFile.Read(file, buffer, out _), 0)]);
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Line, StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan(Line.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                return value;
        }
        return null;
    }
}
