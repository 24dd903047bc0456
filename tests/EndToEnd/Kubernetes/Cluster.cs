using System.Text.Json;
using EndToEnd.Support;

namespace EndToEnd.Kubernetes;

/// <summary>A cluster of an API server alone, to which the base was applied; its pods are processes, with the arguments and the accounts that the base gives them.</summary>
public sealed class Cluster : IAsyncLifetime, IDisposable
{
    private readonly ControlPlane _plane = new();
    private Kubectl? _kubectl;

    /// <summary>The API, as an admin.</summary>
    public AdminApi Admin => _plane.Admin;

    internal Kubectl Kubectl => _kubectl!;

    public async Task InitializeAsync()
    {
        await _plane.InitializeAsync();
        if (ControlPlaneAssets.WhyMissing is not null || Requirements.WhatIsMissing("kubectl") is not null)
            return;
        _kubectl = new Kubectl(_plane);
        // The definitions and roles are there already, made by somebody else.
        Apply(RepositoryRoot.PathOf("deploy/kubernetes"), "--force-conflicts");
    }

    /// <summary>Applies a kustomization; returns the names of its objects. A small API server for tests has no policies, and isn't given any.</summary>
    internal string[] Apply(string kustomization, params string[] options)
    {
        var knowsPolicies = Kubectl.Run("api-resources", "--api-group=policy", "-o", "name").Length > 0;
        var objects = Kubectl.Run("kustomize", kustomization).Split("\n---\n").Where(text => knowsPolicies || !text.Contains("kind: PodDisruptionBudget", StringComparison.Ordinal));
        var file = Kubectl.Write("objects.yaml", string.Join("\n---\n", objects));
        return Kubectl.Run(["apply", "--server-side", "--validate=strict", "-f", file, "-o", "name", .. options]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public Task DisposeAsync() => _plane.DisposeAsync();

    public void Dispose()
    {
        _kubectl?.Dispose();
        _plane.Dispose();
    }

    /// <summary>The pod of a DaemonSet, Deployment or CronJob.</summary>
    internal async Task<JsonElement> PodOfAsync(string api, string kind, string name)
    {
        var json = await Admin.MustAsync(HttpMethod.Get, $"apis/{api}/namespaces/ipamsuite/{kind}/{name}");
        var spec = JsonText.Parse(json).GetProperty("spec");
        return (spec.TryGetProperty("jobTemplate", out var job) ? job.GetProperty("spec") : spec).GetProperty("template").GetProperty("spec");
    }

    /// <summary>The arguments of a pod's container, with the store as a process outside of the cluster names it.</summary>
    internal string[] ArgumentsOf(JsonElement pod, string token) =>
    [
        .. pod.GetProperty("containers")[0].GetProperty("args").EnumerateArray()
            .Select(argument => argument.GetString()!.Replace("kubernetes:", $"kubernetes:{_plane.Kubeconfig(token)}?renewSeconds=1", StringComparison.Ordinal)),
    ];
}
