using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Load.Churn;

/// <summary>One container, whose runtime adds and deletes it time and again; one call at a time, as runtimes do.</summary>
internal sealed class Container(string id, NetworkConfig network)
{
    private long _heldSince;

    public string Id { get; } = id;

    public NetworkConfig Network { get; } = network;

    public Knowledge Knowledge { get; private set; }

    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public List<Tenure> Tenures { get; } = [];

    /// <summary>Takes note of an ADD's outcome, null if there is none; false when it was not answered.</summary>
    public bool Added(CniOutcome? outcome)
    {
        if (outcome?.Succeeded != true)
        {
            outcome?.EnsureError(11);
            if (Knowledge == Knowledge.Released)
                Knowledge = Knowledge.Unanswered;
            return false;
        }
        if (Knowledge == Knowledge.Held)
        {
            Assert.True(Addresses.SequenceEqual(outcome.Addresses), $"{Id} holds {string.Join(" ", Addresses)}, and its next ADD got {outcome}");
            return true;
        }
        (Knowledge, Addresses, _heldSince) = (Knowledge.Held, outcome.Addresses, outcome.Ended);
        return true;
    }

    /// <summary>To be called before a DEL: from here on others may hold its addresses.</summary>
    public void Deleting()
    {
        EndTenure(Stopwatch.GetTimestamp());
        Knowledge = Knowledge.Deleting;
    }

    /// <summary>Takes note of a DEL's answer.</summary>
    public void Deleted(CniOutcome outcome)
    {
        outcome.EnsureSuccess();
        (Knowledge, Addresses) = (Knowledge.Released, []);
    }

    /// <summary>Notes how long it has held its addresses, if it does.</summary>
    public void EndTenure(long now)
    {
        if (Knowledge == Knowledge.Held)
            Tenures.AddRange(Addresses.Select(address => new Tenure(address, Id, _heldSince, now)));
    }
}

/// <summary>A time in which a container surely held an address: from the answer of its ADD to the call of its DEL.</summary>
internal readonly record struct Tenure(string Address, string Container, long From, long To);
