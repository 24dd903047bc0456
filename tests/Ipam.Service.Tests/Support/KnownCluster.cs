using System.Collections.Concurrent;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>A cluster whose pods are in the namespace <c>shop</c>.</summary>
internal sealed class KnownCluster : ICluster
{
    /// <summary>The pods that there are, by name.</summary>
    public ConcurrentDictionary<string, ClusterPod> Pods { get; } = new(StringComparer.Ordinal);

    /// <summary>The UIDs of the nodes that there are, by name.</summary>
    public ConcurrentDictionary<string, string> Nodes { get; } = new(StringComparer.Ordinal) { ["a"] = "uid of a", ["b"] = "uid of b" };

    public Task<string> ReadUidAsync(CancellationToken cancellationToken) => Task.FromResult("uid of the cluster");

    public Task<IReadOnlyDictionary<string, string>> ListNodesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(Nodes);

    public Task<string?> FindNodeAsync(string node, CancellationToken cancellationToken) => Task.FromResult(Nodes.GetValueOrDefault(node));

    public Task<IReadOnlyList<ClusterPod>> ListPodsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ClusterPod>>([.. Pods.Values]);

    public Task<ClusterPod?> FindPodAsync(string @namespace, string name, CancellationToken cancellationToken) => Task.FromResult(Pods.GetValueOrDefault(name));

    public Task<bool?> HasAsync(StickyOwner owner, CancellationToken cancellationToken) => Task.FromResult<bool?>(true);
}
