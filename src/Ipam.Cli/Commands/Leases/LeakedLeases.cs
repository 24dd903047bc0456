using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Leases;

/// <summary>Finds the leases whose owner is gone by the evidence that <c>check</c> and <c>gc</c> go by. One reading says so, and nothing is released.</summary>
internal sealed class LeakedLeases(CliEnvironment environment)
{
    /// <summary>The option that names silence as evidence.</summary>
    public NodeGoneAfterOption GoneAfter { get; } = new();

    /// <summary>Blocks that can't be read, in which there may be more.</summary>
    public IReadOnlyList<DamagedBlock> Damaged { get; private set; } = [];

    /// <summary>Whether a list that showed leaks isn't believed.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The leases by space and address.</summary>
    /// <exception cref="UsageException">Nothing can tell that an owner is gone.</exception>
    /// <exception cref="StoreException">The store or its cluster failed.</exception>
    public async Task<IReadOnlyList<Lease>> FindAsync(ParseResult arguments, IIpamStore store, CancellationToken cancellationToken)
    {
        if (!GoneAfter.IsTold(arguments, store))
        {
            throw new UsageException(
                "--state leaked: nothing here can tell that an owner is gone, as the store belongs to no cluster, and each node judges its own containers. --node-gone-after SECONDS lists the leases of nodes that are silent");
        }
        var options = new CollectorOptions { By = environment.User(), NodeGoneAfter = GoneAfter.OrNever(arguments) };
        using var progress = new WaitProgress(environment);
        var run = new CollectionRun(new LeakCollector(store, options, environment.Time, Random.Shared), options.Grace, environment.Time);
        var report = await progress.WhileAsync(run.RunAsync(onlyLooks: true, static () => false, progress.Begin, cancellationToken));
        foreach (var refusal in report.Refusals)
            environment.Note($"not shown: {refusal.Leases} leases that {refusal.Source} show as leaked: {refusal.Why}");
        IsIncomplete = report.Refusals.Count > 0;
        Damaged = report.Damaged;
        return [.. report.Suspects.Select(static suspect => suspect.Lease).OrderBy(static lease => lease.Space, StringComparer.Ordinal).ThenBy(static lease => lease.Address)];
    }
}
