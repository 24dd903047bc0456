using System.Text.Json.Nodes;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary>A range as one text: <c>SUBNET[,KEY=VALUE...]</c>, with the keys of a pool's document.</summary>
internal static class RangeText
{
    /// <summary>The range as a pool's document has it; whoever reads that checks it.</summary>
    /// <exception cref="UsageException">It isn't of that form.</exception>
    public static JsonObject ToJson(string text)
    {
        var parts = text.Split(',');
        var range = new JsonObject { ["subnet"] = parts[0] };
        var excluded = new JsonArray();
        foreach (var part in parts[1..])
        {
            if (part.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new UsageException($"--range '{text}' has the part '{part}', wanted is KEY=VALUE, such as rangeStart=10.1.0.10");
            if (key == "exclude")
                excluded.Add(JsonValue.Create(value));
            else if (!range.TryAdd(key, bool.TryParse(value, out var flag) ? JsonValue.Create(flag) : JsonValue.Create(value)))
                throw new UsageException($"--range '{text}' gives '{key}' twice; keep one of them");
        }
        range["exclude"] = excluded;
        return range;
    }
}
