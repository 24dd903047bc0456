using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Transfer;

/// <summary><c>ipamctl export</c>.</summary>
internal sealed class ExportCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;

    public ExportCommand(CliEnvironment environment, StoreOptions store)
        : base("export", "Prints all that the store has, as JSON lines that 'ipamctl restore' reads: pools, reservations, blocks, leases and cooldowns.")
    {
        _environment = environment;
        _store = store;
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl export > ipam.jsonl",
        "ipamctl export | jq -r 'select(.kind == \"lease\") | .address'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var writer = new ExportWriter(_environment.Output);
        writer.Add(await ExportHeader.OfAsync(store, _environment.Time, cancellationToken));
        var damaged = new List<string>(await WriteCatalogAsync(store, writer, cancellationToken));
        using (var progress = new ProgressLine(_environment))
        {
            await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
            {
                foreach (var block in page)
                    writer.Add(block with { Version = 0 });
                damaged.AddRange(page.Damaged.Select(static block => block.Why));
                progress.Show(() => $"leases written: {writer.Counts.Leases}");
            }
        }
        foreach (var why in damaged.Distinct())
            writer.AddDamaged(why);
        writer.Complete();
        if (!_environment.IsQuiet)
            _environment.Note($"exported {writer.Counts}");
        return _environment.Shown(damaged);
    }

    /// <summary>Returns what is damaged among pools and reservations.</summary>
    private async Task<IEnumerable<string>> WriteCatalogAsync(IIpamStore store, ExportWriter writer, CancellationToken cancellationToken)
    {
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        foreach (var pool in catalog.Pools)
        {
            if (pool.IsBeingDeleted)
                _environment.Note($"not exported: the pool {pool.Name}, which was deleted and is there only until its leases are released");
            else
                writer.Add(pool);
        }
        // Of a damaged reservation the readable part is listed as well; restored, it would seem to be all of it.
        foreach (var reservation in catalog.Reservations.Where(reservation => catalog.FindDamagedReservation(reservation.Name) is null))
            writer.Add(reservation);
        return catalog.Damaged.Select(static entry => entry.Why);
    }
}
