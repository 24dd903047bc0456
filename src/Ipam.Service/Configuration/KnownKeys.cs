using System.Text.Json;
using Ipam.Core.Text;

namespace Ipam.Service.Configuration;

/// <summary>The keys an object may have. A misspelt key that is passed over silently hands out the wrong addresses.</summary>
internal sealed class KnownKeys(params string[] keys)
{
    /// <summary>Throws (code 7) for a key that isn't known, naming the nearest one that is.</summary>
    /// <param name="json">The object.</param>
    /// <param name="where">What to call it in the message, such as <c>ipam</c>.</param>
    public void Check(JsonElement json, string where)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (keys.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
                continue;
            throw InvalidConfiguration.Because(
                $"unknown key \"{property.Name}\" in {where}; did you mean \"{Nearest(property.Name)}\"?",
                $"known keys: {string.Join(", ", keys)}");
        }
    }

    private string Nearest(string name) => NearestName.Among(keys, name);
}
