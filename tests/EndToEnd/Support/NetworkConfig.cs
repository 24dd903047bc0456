using System.Globalization;

namespace EndToEnd.Support;

/// <summary>A network configuration, as pieces of JSON.</summary>
/// <param name="Name">The network's name. Its addresses are in a space of the same name, so that tests don't meet.</param>
internal sealed record NetworkConfig(string Name)
{
    public const string V4 = """ "ranges": [[{ "subnet": "10.1.0.0/24" }]] """;
    public const string V6 = """ "ranges": [[{ "subnet": "fd00:1::/64" }]] """;
    public const string Dual = """ "ranges": [[{ "subnet": "10.1.0.0/24" }], [{ "subnet": "fd00:1::/64" }]] """;

    public string Version { get; init; } = "1.1.0";

    /// <summary>The space; null leaves the key out.</summary>
    public string? Space { get; init; } = Name;

    /// <summary>How long the plugin waits for a service that isn't there, in seconds. Most tests want to see what happens at once.</summary>
    public double Wait { get; init; }

    /// <summary>What <c>ipam</c> has besides type, socket, spool, wait and space.</summary>
    public string Ipam { get; init; } = V4;

    /// <summary>The main plugin's type and keys.</summary>
    public string Main { get; init; } = """ "type": "ipam" """;

    /// <summary>What the runtime adds beside them, such as <c>runtimeConfig</c>.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>The configuration for calls that go to a site's service.</summary>
    public string Json(Site site) =>
        $$"""
        {
          "cniVersion": "{{Version}}",
          "name": "{{Name}}",
          {{Main}},
          "ipam": {
            "type": "ipam",
            "socket": "{{site.Socket}}",
            "spool": "{{site.Spool}}",
            "wait": {{Wait.ToString(CultureInfo.InvariantCulture)}}
            {{Part(Space is null ? "" : $"\"space\": \"{Space}\"")}}
            {{Part(Ipam)}}
          }
          {{Part(Runtime)}}
        }
        """;

    private static string Part(string keys) => string.IsNullOrWhiteSpace(keys) ? "" : $", {keys}";
}
