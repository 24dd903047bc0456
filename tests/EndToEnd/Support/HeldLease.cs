using System.Text.Json;

namespace EndToEnd.Support;

/// <summary>A lease as <c>ipamctl lease list -o json</c> prints it.</summary>
internal sealed record HeldLease(
    string Address, string Space, string Network, string ContainerId, string Interface, string Node, long Sequence)
{
    public static HeldLease Read(JsonElement json)
    {
        string Text(string key) => json.GetProperty(key).GetString()!;
        return new HeldLease(
            Text("address"), Text("space"), Text("network"), Text("containerId"), Text("interface"), Text("node"),
            json.GetProperty("sequence").GetInt64());
    }
}
