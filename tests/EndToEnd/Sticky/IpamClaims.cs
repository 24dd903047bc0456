using System.Net;
using System.Text.Json;

namespace EndToEnd.Sticky;

/// <summary>The IPAMClaims of one namespace, as their maker sees them.</summary>
internal sealed class IpamClaims(AdminApi admin, string space)
{
    private const string Group = "apis/k8s.cni.cncf.io/v1alpha1";

    private string Path => $"{Group}/namespaces/{space}/ipamclaims";

    /// <summary>Defines them, unless the cluster knows them.</summary>
    public static async Task DefineAsync(AdminApi admin)
    {
        if ((await admin.SendAsync(HttpMethod.Get, $"{Group}/ipamclaims")).Status == HttpStatusCode.OK)
            return;
        await admin.ApplyAsync(RepositoryRoot.PathOf("deploy/kubernetes/components/ipamclaims/ipamclaims.yaml"));
        await Wait.UntilAsync(async () => (await admin.SendAsync(HttpMethod.Get, $"{Group}/ipamclaims")).Status == HttpStatusCode.OK, "an API server that serves ipamclaims");
    }

    /// <summary>Makes one; returns its UID.</summary>
    public async Task<string> CreateAsync(string name, string network, string interfaceName, params string[] requests)
    {
        using var claim = JsonDocument.Parse(await admin.MustAsync(HttpMethod.Post, Path, $$"""
            { "apiVersion": "k8s.cni.cncf.io/v1alpha1", "kind": "IPAMClaim", "metadata": { "name": "{{name}}" },
              "spec": { "network": "{{network}}", "interface": "{{interfaceName}}"{{(requests.Length > 0 ? $", \"ipRequests\": [{string.Join(", ", requests.Select(static request => $"\"{request}\""))}]" : "")}} } }
            """));
        return claim.RootElement.GetProperty("metadata").GetProperty("uid").GetString()!;
    }

    public Task DeleteAsync(string name) => admin.MustAsync(HttpMethod.Delete, $"{Path}/{name}");

    /// <summary>What its status says, as a sentence: addresses, pod, condition.</summary>
    public async Task<string> StatusAsync(string name)
    {
        using var claim = JsonDocument.Parse(await admin.MustAsync(HttpMethod.Get, $"{Path}/{name}"));
        if (!claim.RootElement.TryGetProperty("status", out var status))
            return "nothing";
        var pod = status.TryGetProperty("ownerPod", out var owner) ? owner.GetProperty("name").GetString() : "nobody";
        var condition = status.GetProperty("conditions").EnumerateArray().Single(static one => one.GetProperty("type").GetString() == "IPsAllocated");
        return $"{string.Join(' ', status.GetProperty("ips").EnumerateArray().Select(static ip => ip.GetString()))} of {pod}, {condition.GetProperty("status").GetString()} {condition.GetProperty("reason").GetString()}";
    }
}
