using Ipam.Core.Allocation;
using Ipam.Core.Blocks;

namespace Ipam.Service.Verbs;

/// <summary>DEL: releases all that the owner holds, whatever the configuration says about ranges by now.</summary>
internal sealed class DelVerb(Allocator allocator) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        await allocator.ReleaseAsync(OwnerOf.Request(request), ReleaseCause.Del, notAfter: null, cancellationToken);
        return default;
    }
}
