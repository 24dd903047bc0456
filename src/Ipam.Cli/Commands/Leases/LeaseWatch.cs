using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary>
/// Prints the leases that a filter names, then what changes of them, until it is ended. It lists them again and again: a lease that came and went between two listings isn't seen.
/// Memory grows with the leases.
/// </summary>
internal sealed class LeaseWatch(CliEnvironment environment, IIpamStore store, LeaseFilter filter)
{
    /// <summary>A store that nodes seldom write to is spared.</summary>
    private TimeSpan Between => store.Nodes.RenewEvery < INodeRegistry.Seldom ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(10);

    /// <summary>Watches until it is cancelled.</summary>
    /// <param name="writer">Where to print; may be completed several times.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task RunAsync(IListWriter<LeaseEvent> writer, CancellationToken cancellationToken)
    {
        Dictionary<LeaseToken, Lease> before = [];
        while (true)
        {
            var (now, search) = (new Dictionary<LeaseToken, Lease>(), new LeaseSearch(store));
            await foreach (var lease in search.ListAsync(filter, cancellationToken))
            {
                now[LeaseToken.Of(lease)] = lease;
                if (!before.Remove(LeaseToken.Of(lease)))
                    writer.Add(new LeaseEvent(LeaseEvent.Held, lease));
            }
            // What can't be read any more isn't released.
            foreach (var lease in before.Values.Where(_ => search.Damaged.Count == 0))
                writer.Add(new LeaseEvent(LeaseEvent.Released, lease));
            writer.Complete();
            before = now;
            await Task.Delay(Between, environment.Time, cancellationToken);
        }
    }
}
