using Ipam.Core.Stores;

namespace Ipam.Service.Tests.Support;

/// <summary>Pods of the namespace <c>shop</c>, which itself has neither labels nor annotations, and how often somebody asked for anything.</summary>
internal sealed class KnownPods : IPodFacts
{
    private int _reads;

    /// <summary>By their names.</summary>
    public Dictionary<string, ObjectFacts> Pods { get; } = [];

    public int Reads => _reads;

    public Task<ObjectFacts?> ReadPodAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(@namespace == "shop" ? Pods.GetValueOrDefault(name) : null);
    }

    public Task<ObjectFacts?> ReadNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult<ObjectFacts?>(name == "shop" ? new ObjectFacts([name], new Dictionary<string, string>()) : null);
    }
}
