namespace Ipam.Stores.Kubernetes;

/// <summary>What can be set about a <see cref="KubernetesStore"/>; the defaults suit every known use.</summary>
public sealed record KubernetesStoreOptions
{
    /// <summary>How long a request may take, with repetitions and the pauses between them.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Objects asked for in one request of a listing: as many as client-go asks for.</summary>
    public int ObjectsPerPage { get; init; } = 500;

    /// <summary>Blocks of a space asked for in one request, of which each may have 64 leases: whoever reads them has the first ones soon, and nobody else waits for long while the server makes them.</summary>
    public int BlocksPerPage { get; init; } = 100;

    /// <summary>Pods asked for in one request of a listing: there are many more of them than of anything else. A page of usual pods has some 20 MB.</summary>
    public int PodsPerPage { get; init; } = 2_000;

    /// <summary>Blocks read or written at the same time.</summary>
    public int MostAtOnce { get; init; } = 16;

    /// <summary>Whether it is for a node's ipamd, which keeps a history of what it ends and of what it finds ended. Others leave in the blocks what they end.</summary>
    public bool EndsAreNoted { get; init; }

    /// <summary>The namespace of the Leases; null for the one of the pod or of the kubeconfig's context, else ipamsuite.</summary>
    public string? Namespace { get; init; }

    /// <summary>How often a node shows that it is there: as often as a node may ask the API server while nothing happens.</summary>
    public TimeSpan RenewNodeEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a broken watch may go unnoticed by those who ask for the revision of the pools.</summary>
    public TimeSpan WatchPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// After how long the server is asked to end a watch. A connection that died silently is noticed sooner, because the kernel probes it.
    /// </summary>
    public TimeSpan WatchDuration { get; init; } = TimeSpan.FromMinutes(10);
}
