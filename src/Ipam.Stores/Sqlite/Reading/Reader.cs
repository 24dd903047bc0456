using Ipam.Core.Leases;
using Ipam.Stores.Sqlite.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Ipam.Stores.Sqlite.Reading;

/// <summary>All reading, over a connection of its own. Not for several threads at once.</summary>
internal sealed class Reader(SqliteConnection connection) : IDisposable
{
    private static readonly Func<IpamContext, string, string, string, IEnumerable<LeaseRow>> LeasesOfOwner =
        EF.CompileQuery((IpamContext context, string network, string containerId, string interfaceName) =>
            context.Leases
                .Where(row => row.Network == network && row.ContainerId == containerId && row.InterfaceName == interfaceName)
                .OrderBy(row => row.Entry)
                .AsQueryable());

    // Made when it is first needed: it costs a program that only reads blocks as much as all its other work at start.
    private IpamContext? _context;

    /// <summary>Reads blocks with their leases.</summary>
    public BlockReader Blocks { get; } = new(connection);

    private IpamContext Context => _context ??= IpamContext.Over(connection);

    /// <summary>All leases of an owner, by entry.</summary>
    public List<Lease> FindLeases(Owner owner) =>
        LeasesOfOwner(Context, owner.Network, owner.ContainerId, owner.InterfaceName).Select(row => row.ToLease()).ToList();

    /// <inheritdoc/>
    public void Dispose()
    {
        Blocks.Dispose();
        _context?.Dispose();
        connection.Dispose();
    }
}
