using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Core.Allocation;
using Ipam.Core.Stores;
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
    /// <summary>A store that serves shows it more often while anybody asks it.</summary>
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a store that is silent for longer than the grace may take to answer. Requests wait longer for it, and learn of it late.</summary>
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(1.5);

    public async Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        // A configuration that can't be used is the node's own fault.
        _ = request.Ipam;
        var wanted = IpamConfigurationReader.ReadStatus(request.Network);
        if (wanted.IsStrict)
            await CheckAddAsync(request, cancellationToken);
        else if (health.Away is { } away)
            EnsureGrace(away.Since, away.Reason, wanted.Grace);
        else if (health.Silence is var silence && silence > wanted.Grace && silence > ShortestSilence)
            await BreakSilenceAsync(wanted.Grace, cancellationToken);
        return default;
    }

    /// <summary>A call of a store that hangs fails late. Who has been told to be less patient asks, and waits a moment for the answer.</summary>
    private async Task BreakSilenceAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(PingPatience);
        try
        {
            await ping.EnsureAsync(late.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            EnsureGrace(health.Silence, "it doesn't answer; check that it is up and not overloaded", grace);
        }
        catch (StoreException e)
        {
            EnsureGrace(health.Silence, e.Message, grace);
        }
    }

    private static void EnsureGrace(TimeSpan since, string reason, TimeSpan grace)
    {
        if (since > grace)
        {
            throw new CniException(
                CniErrorCode.NotAvailable,
                $"the store has been away for {since.TotalSeconds:0} s: {reason}",
                $"no address can be handed out until it is back; STATUS says so after statusGraceSeconds, {grace.TotalSeconds:0}");
        }
    }

    private async Task CheckAddAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        health.EnsureCommits();
        if (allocator.Obstacle is { } obstacle)
            throw obstacle;
        var ranges = (await source.GetAsync(request.Configuration, null, cancellationToken)).For(request.Ipam.Reservation);
        await ping.EnsureAsync(cancellationToken);
        var verdict = await allocator.ProbeAsync(ranges.Space, EntryBuilder.Build(ranges.Sets, []), cancellationToken);
        if (verdict is not null)
            throw new CniException(AllocationRefusal.Of(verdict, ranges).Error with { Code = CniErrorCode.NotAvailable });
    }
}
