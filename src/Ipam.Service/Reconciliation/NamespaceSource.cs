using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Service.Namespaces;

namespace Ipam.Service.Reconciliation;

/// <summary>
/// Evidence by network namespaces. Looks at each owner by itself, so that nothing can be missing from a reading: that a folder is another one than at the ADD
/// is noticed. Not thread-safe.
/// </summary>
internal sealed class NamespaceSource(MachineNamespaces namespaces, TimeProvider time)
{
    /// <summary>The inodes that the leases found alive have by now.</summary>
    private readonly HashSet<uint> _explained = [];

    /// <summary>Looks at the namespaces of all these leases.</summary>
    public Reading Read(IReadOnlyCollection<Lease> leases)
    {
        var beganAt = time.GetTimestamp();
        _explained.Clear();
        var found = new Dictionary<LeaseToken, Evidence>(leases.Count);
        foreach (var lease in leases)
        {
            var evidence = namespaces.Look(lease);
            found[LeaseToken.Of(lease)] = evidence;
            if (evidence.Verdict == Verdict.Alive)
                _explained.Add(lease.NamespaceIdentity.Inode);
        }
        return new Reading("network namespaces", beganAt, time.GetTimestamp(), lease => found.GetValueOrDefault(LeaseToken.Of(lease)));
    }

    /// <summary>
    /// A fresh look at single owners, right before their leases are released. A namespace may live on after its file was taken away, while a process is in it.
    /// Its number then is that of no other one, so where a living lease has that number, it is the other's by now.
    /// </summary>
    /// <returns>What it says of a lease.</returns>
    public Func<Lease, Evidence> LookAgain()
    {
        var inUse = NamespacesInUse.Read();
        return lease =>
        {
            var evidence = namespaces.Look(lease);
            if (evidence is not { Verdict: Verdict.Gone, IsDecisive: false })
                return evidence;
            var inode = lease.NamespaceIdentity.Inode;
            if (inUse.Inodes.Contains(inode) && !_explained.Contains(inode))
                return Evidence.Alive($"a process is in net:[{inode}]");
            // That one process has ended says nothing of others in its namespace.
            return MachineNamespaces.IsOfProcess(lease.NetworkNamespace) && !inUse.IsWhole ? Evidence.Unknown : evidence;
        };
    }
}
