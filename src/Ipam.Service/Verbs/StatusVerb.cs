using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;

namespace Ipam.Service.Verbs;

/// <summary>STATUS: whether an ADD could be served now: the store answers and every range set has room.</summary>
internal sealed class StatusVerb(Allocator allocator, IIpamStore store) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var configuration = request.Ipam;
        await store.PingAsync(cancellationToken).WaitAsync(cancellationToken);
        foreach (var set in configuration.RangeSets)
        {
            if (!await allocator.HasRoomAsync(configuration.Space, set, cancellationToken))
            {
                throw new CniException(
                    CniErrorCode.NotAvailable,
                    $"no IP addresses available in {RangeText.Of(set)}",
                    $"see the holders with 'ipamctl lease list --space {configuration.Space}'");
            }
        }
        return default;
    }
}
