using System.Net;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>The kinds of virtual machines that KubeVirt defines, as far as their names go.</summary>
internal static class MachineDefinitions
{
    private const string Definitions = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Group = "kubevirt.io";

    private static readonly (string Plural, string Kind)[] Kinds = [("virtualmachines", "VirtualMachine"), ("virtualmachineinstances", "VirtualMachineInstance")];

    public static async Task CreateAsync(AdminApi admin)
    {
        foreach (var (plural, kind) in Kinds)
        {
            await admin.MustAsync(HttpMethod.Post, Definitions, $$"""
                {"metadata":{"name":"{{plural}}.{{Group}}","annotations":{"api-approved.kubernetes.io":"unapproved, a test"} },
                 "spec":{"group":"{{Group}}","scope":"Namespaced","names":{"kind":"{{kind}}","plural":"{{plural}}","singular":"{{kind.ToLowerInvariant()}}","listKind":"{{kind}}List"},
                 "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }]} }
                """);
            await Wait.UntilAsync(async () => (await admin.SendAsync(HttpMethod.Get, $"apis/{Group}/v1/namespaces/default/{plural}")).Status == HttpStatusCode.OK, plural);
        }
    }

    public static async Task DeleteAsync(AdminApi admin)
    {
        foreach (var (plural, _) in Kinds)
            await admin.MustAsync(HttpMethod.Delete, $"{Definitions}/{plural}.{Group}");
    }
}
