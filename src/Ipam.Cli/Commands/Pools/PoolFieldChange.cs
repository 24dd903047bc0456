using System.Text.Json;
using System.Text.Json.Nodes;
using Ipam.Cli.Terminal;
using Ipam.Core.Pools;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary>Changes of single fields of a pool's document.</summary>
internal static class PoolFieldChange
{
    /// <summary>The document of <paramref name="pool"/> with some fields set.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="fields">Each <c>KEY=VALUE</c>.</param>
    /// <exception cref="UsageException">One isn't of that form.</exception>
    public static string Apply(Pool pool, IEnumerable<string> fields)
    {
        var document = JsonNode.Parse(PoolDocument.Of(pool))!.AsObject();
        foreach (var field in fields)
        {
            if (field.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new UsageException($"--set is '{field}', wanted is KEY=VALUE, such as cooldownSeconds=60");
            document[key] = Value(value);
        }
        return document.ToJsonString();
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
