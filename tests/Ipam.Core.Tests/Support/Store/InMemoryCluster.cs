using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>A cluster in memory.</summary>
internal sealed class InMemoryCluster : ICluster
{
    /// <summary>The UIDs of the nodes.</summary>
    public Dictionary<string, string> Nodes { get; } = [];

    public List<ClusterPod> Pods { get; } = [];

    /// <summary>The objects that sticky owners end with, as <see cref="StickyOwner.ObjectText"/>.</summary>
    public HashSet<string> Objects { get; } = [];

    /// <summary>What the next calls throw; null for nothing.</summary>
    public StoreException? Fault { get; set; }

    /// <summary>What the next questions for the objects of sticky owners throw; null for nothing.</summary>
    public StoreException? HasFault { get; set; }

    /// <summary>Of which owners <see cref="HasFault"/> is.</summary>
    public Func<StickyOwner, bool> HasFaultOf { get; set; } = static _ => true;

    /// <summary>What is done right after a list was made.</summary>
    public Action AfterList { get; set; } = static () => { };

    /// <summary>How many calls there were.</summary>
    public int Calls { get; private set; }

    public Task<string> ReadUidAsync(CancellationToken cancellationToken) => Answer(static () => "uid of the cluster");

    public Task<IReadOnlyDictionary<string, string>> ListNodesAsync(CancellationToken cancellationToken) =>
        Answer<IReadOnlyDictionary<string, string>>(() => new Dictionary<string, string>(Nodes));

    public Task<string?> FindNodeAsync(string node, CancellationToken cancellationToken) => Answer(() => Nodes.GetValueOrDefault(node));

    public async Task<IReadOnlyList<ClusterPod>> ListPodsAsync(CancellationToken cancellationToken)
    {
        var pods = await Answer<IReadOnlyList<ClusterPod>>(() => [.. Pods]);
        AfterList();
        return pods;
    }

    public Task<ClusterPod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        Answer(() => Pods.Find(pod => pod.Namespace == @namespace && pod.Name == name));

    public Task<bool?> HasAsync(StickyOwner owner, CancellationToken cancellationToken) => HasFault is { } fault && HasFaultOf(owner)
        ? Task.FromException<bool?>(fault)
        : Answer<bool?>(() => owner.Kind == StickyKind.Name ? null : Objects.Contains(owner.ObjectText));

    private Task<T> Answer<T>(Func<T> answer)
    {
        Calls++;
        return Fault is null ? Task.FromResult(answer()) : Task.FromException<T>(Fault);
    }
}
