namespace Ipam.Service.Options;

/// <summary>Labels of a node as text: <c>KEY=VALUE,KEY=VALUE</c>.</summary>
internal static class NodeLabelsText
{
    /// <summary>The text, if it can be read. Throws <see cref="OptionException"/> if not.</summary>
    public static string Check(string text)
    {
        Parse(text);
        return text;
    }

    /// <summary>Reads the labels; of a key that is there twice, the last counts. Throws <see cref="OptionException"/> if it can't.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        var labels = new Dictionary<string, string>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new OptionException($"node-labels '{text}' must be KEY=VALUE,KEY=VALUE; found '{part}'");
            labels[part[..equals]] = part[(equals + 1)..];
        }
        return labels;
    }
}
