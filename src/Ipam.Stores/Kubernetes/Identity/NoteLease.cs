using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>A Lease of coordination.k8s.io that keeps notes: who holds it, when that was renewed, and annotations.</summary>
/// <param name="Meta">Its metadata.</param>
/// <param name="Holder">Who holds it; empty for nobody.</param>
/// <param name="Notes">Its annotations.</param>
internal sealed record NoteLease(ObjectMeta Meta, string Holder, IReadOnlyDictionary<string, string> Notes)
{
    /// <summary>What is noted under a key; empty for nothing.</summary>
    public string this[string key] => Notes.GetValueOrDefault(key, "");
}
