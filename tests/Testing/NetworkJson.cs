namespace Testing;

/// <summary>Network configurations as runtimes write them.</summary>
public static class NetworkJson
{
    /// <summary>The text of one.</summary>
    /// <param name="ipam">What is inside <c>ipam</c> besides its type, without braces; null for no <c>ipam</c> at all.</param>
    /// <param name="more">More keys at the top, without braces.</param>
    /// <param name="version">Its <c>cniVersion</c>.</param>
    /// <param name="name">The network's name.</param>
    public static string Text(string? ipam, string more = "", string version = "1.1.0", string name = "net")
    {
        var keys = new List<string> { $"\"cniVersion\": \"{version}\"", $"\"name\": \"{name}\"", "\"type\": \"bridge\"" };
        if (ipam is not null)
            keys.Add($"\"ipam\": {{ \"type\": \"ipam\"{(ipam.Length > 0 ? ", " : "")}{ipam} }}");
        if (more.Length > 0)
            keys.Add(more);
        return $"{{ {string.Join(", ", keys)} }}";
    }
}
