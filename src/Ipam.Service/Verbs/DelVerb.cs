using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Service.Releases;

namespace Ipam.Service.Verbs;

/// <summary>
/// DEL: releases all that the owner holds, whatever the configuration says about ranges by now. If it holds less than its result says, another node
/// may have handed that out, or this one under another name: the result's addresses tell where to look.
/// </summary>
internal sealed class DelVerb(Allocator allocator, StrayLeases strays, RecentAdds adds) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        var owner = OwnerOf.Request(request);
        // A caller that gave up on this DEL may have added the container again since.
        bool Spares(Lease lease) => adds.Spares(lease, request.ArrivedAt);

        var released = await allocator.ReleaseAsync(owner, ReleaseCause.Del, Spares, cancellationToken);
        foreach (var lease in await strays.AtPreviousResultAsync(owner, request.Environment, request.Network, released, cancellationToken))
            await allocator.ReleaseAsync(lease, ReleaseCause.Del, Spares, cancellationToken);
        return default;
    }
}
