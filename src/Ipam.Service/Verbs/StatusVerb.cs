using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Service.Configuration;
using Ipam.Service.Health;
using Ipam.Service.Pools;

namespace Ipam.Service.Verbs;

/// <summary>
/// STATUS: whether ipamd can serve at all, from memory. Runtimes ask it all the time, and take a node whose answer is no out of the cluster, with all that runs
/// there. So neither a pool that is exhausted, disabled or missing makes it fail, nor a store that is away for a short while. A configuration may ask
/// for the specification's letter instead: whether an ADD could be served now.
/// </summary>
internal sealed class StatusVerb(Allocator allocator, RangeSetSource source, StorePing ping, StoreHealth health) : IVerb
{
    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        // A configuration that can't be used is the node's own fault.
        _ = request.Ipam;
        var wanted = IpamConfigurationReader.ReadStatus(request.Network);
        if (wanted.IsStrict)
            await CheckAddAsync(request, cancellationToken);
        else if (health.Away is { } away && away.Since > wanted.Grace)
        {
            throw new CniException(
                CniErrorCode.NotAvailable,
                $"the store has been away for {away.Since.TotalSeconds:0} s: {away.Reason}",
                $"no address can be handed out until it is back; STATUS says so after statusGraceSeconds, {wanted.Grace.TotalSeconds:0}");
        }
        return default;
    }

    private async Task CheckAddAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        health.EnsureCommits();
        if (allocator.Obstacle is { } obstacle)
            throw obstacle;
        var ranges = await source.GetAsync(request.Configuration, RangeSetSource.AnyNamespace, cancellationToken);
        await ping.EnsureAsync(cancellationToken);
        var verdict = await allocator.ProbeAsync(ranges.Space, EntryBuilder.Build(ranges.Sets, []), cancellationToken);
        if (verdict is not null)
            throw new CniException(AllocationRefusal.Of(verdict, ranges).Error with { Code = CniErrorCode.NotAvailable });
    }
}
