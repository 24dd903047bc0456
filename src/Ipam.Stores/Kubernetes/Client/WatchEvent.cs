using System.Text.Json;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">To which object; of a bookmark, only its metadata count. Valid on its own.</param>
internal sealed record WatchEvent(WatchEventType Type, JsonElement Object);
