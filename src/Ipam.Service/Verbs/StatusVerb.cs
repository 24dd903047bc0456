using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Stores;
using Ipam.Service.Pools;

namespace Ipam.Service.Verbs;

/// <summary>STATUS: whether an ADD could be served now: the store answers and every range set has room.</summary>
internal sealed class StatusVerb(Allocator allocator, RangeSetSource source, IIpamStore store) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var ranges = await source.GetAsync(request.Configuration, RangeSetSource.AnyNamespace, cancellationToken);
        await store.PingAsync(cancellationToken).WaitAsync(cancellationToken);
        foreach (var set in ranges.Sets)
        {
            if (!await allocator.HasRoomAsync(ranges.Space, set, cancellationToken))
            {
                throw new CniException(
                    CniErrorCode.NotAvailable,
                    $"no IP addresses available in {RangeText.Of(set)}",
                    $"see them with 'ipamctl lease list --space {ranges.Space}'");
            }
        }
        return default;
    }
}
