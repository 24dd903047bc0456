using System.Collections.Concurrent;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Allocation.Faults;

/// <summary>
/// Who was told that it holds which address. From the moment a release is asked for, nobody may rely on the address any more.
/// </summary>
internal sealed class AnswerBook
{
    private readonly ConcurrentDictionary<string, Lease> _told = [];
    private readonly ConcurrentQueue<string> _story = [];
    private int _failures;

    /// <summary>How many requests were answered with a failure of the store.</summary>
    public int Failures => _failures;

    public IEnumerable<Lease> Told => _told.Values;

    public void Note(string what) => _story.Enqueue(what);

    public void Failed(string what, Exception why)
    {
        Interlocked.Increment(ref _failures);
        Note($"{what}: {why.Message}");
    }

    /// <summary>An owner was told that it holds these addresses.</summary>
    public void Answered(IEnumerable<Lease> leases)
    {
        foreach (var lease in leases)
        {
            var known = _told.GetOrAdd(lease.Address.ToString(), lease);
            if (!known.IsSameAs(lease))
                Fail($"{lease.Address} was given to {lease.Owner}, sequence {lease.Sequence}, while {known.Owner}, sequence {known.Sequence}, has it");
        }
    }

    /// <summary>An owner is about to release.</summary>
    public void Releasing(IEnumerable<Lease> leases)
    {
        foreach (var lease in leases)
            _told.TryRemove(lease.Address.ToString(), out _);
    }

    /// <summary>Fails the test with all that happened.</summary>
    public void Fail(string why) => Assert.Fail($"{why}\nwhat happened, oldest first:\n{string.Join('\n', _story)}");
}
