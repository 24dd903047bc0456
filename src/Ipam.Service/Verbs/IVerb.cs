using Cni.Protocol;
using Ipam.Core.Stores;

namespace Ipam.Service.Verbs;

/// <summary>
/// What the service does for one verb of the CNI specification. Throws <see cref="CniException"/> for what the caller shall see, and
/// <see cref="StoreException"/> if the store fails.
/// </summary>
internal interface IVerb
{
    /// <summary>Serves a call; returns the bytes for the plugin's stdout.</summary>
    Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken);
}
