using Ipam.Core.Ledger;
using Ipam.Core.Stores;

namespace Ipam.Core.Recovery;

/// <summary>Is told what a <see cref="StoreGuard"/> finds and does. Called from its own calls; must be quick and not throw.</summary>
public interface IStoreGuardObserver
{
    /// <summary>Nothing is handed out from now on, because of this.</summary>
    void Held(string reason);

    /// <summary>The node's leases are in the store again.</summary>
    void Asserted(ReassertionReport report);

    /// <summary>Addresses are handed out again.</summary>
    void Resumed();

    /// <summary>The store's past, as it was just read: what the next run is to compare with.</summary>
    void Saw(StorePast past);
}
