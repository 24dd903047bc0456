using System.Text.Json;
using Ipam.Core.Text;

namespace Ipam.Configuration.Keys;

/// <summary>The keys an object may have. A misspelt key that is passed over silently hands out the wrong addresses.</summary>
internal sealed class KnownKeys(params string[] keys)
{
    private const int LongestName = 64;

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
                $"unknown key \"{Short(property.Name)}\" in {where}{Advice(property.Name)}",
                $"known keys: {string.Join(", ", keys)}");
        }
    }

    private string Advice(string name)
    {
        if (string.Equals(name, "dns", StringComparison.OrdinalIgnoreCase))
            return "; name servers come from the file that \"resolvConf\" names, or from \"dns\" beside \"ipam\"";
        return name.Length <= LongestName && NearestName.Like(keys, name) is { } nearest ? $"; did you mean \"{nearest}\"?" : "; correct it, or leave it out";
    }

    private static string Short(string name) => name.Length <= LongestName ? name : $"{name[..LongestName]}…";
}
