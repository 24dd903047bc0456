using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Load.Churn;

/// <summary>
/// Workers that add and delete containers at random through the plugin binary, and the books of what they were answered. Each worker has
/// containers of its own.
/// </summary>
internal sealed class Crowd(NetworkConfig network, IReadOnlyList<Site> sites, int seed)
{
    private const int ContainersOfEach = 5;

    private readonly Gate _gate = new();
    private readonly List<Container> _containers = [];
    private int _unanswered;
    private volatile bool _stopped;

    /// <summary>Calls that were not answered.</summary>
    public int Unanswered => _unanswered;

    /// <summary>Starts them; they go on until <see cref="Stop"/> or until one fails.</summary>
    public Task RunAsync(int workers)
    {
        for (var i = 0; i < workers * ContainersOfEach; i++)
            _containers.Add(new Container($"w{i / ContainersOfEach}-{i % ContainersOfEach}", network));
        return Workers.RunAsync(workers, worker => Work(worker, new Random(seed + worker)));
    }

    public void Stop()
    {
        _stopped = true;
        _gate.Open();
    }

    /// <summary>Lets everybody finish the call they are at, and holds the store to the books while nobody calls.</summary>
    public void Audit()
    {
        _gate.Close();
        try
        {
            new Audit(_containers, sites).Run();
        }
        finally
        {
            _gate.Open();
        }
    }

    /// <summary>All times in which somebody surely held an address, up to now. To be called when the workers have stopped.</summary>
    public IReadOnlyList<Tenure> Tenures()
    {
        var now = Stopwatch.GetTimestamp();
        _containers.ForEach(container => container.EndTenure(now));
        return [.. _containers.SelectMany(static container => container.Tenures)];
    }

    private void Work(int worker, Random random)
    {
        var mine = _containers.GetRange(worker * ContainersOfEach, ContainersOfEach);
        while (!_stopped)
        {
            bool answered;
            _gate.Enter();
            try
            {
                answered = Call(mine[random.Next(mine.Count)], sites[random.Next(sites.Count)], random);
            }
            finally
            {
                _gate.Leave();
            }
            if (answered)
                continue;
            Interlocked.Increment(ref _unanswered);
            if (!_stopped)
                _gate.WaitForNextOpening();
        }
    }

    /// <summary>One call; false when it was not answered.</summary>
    private bool Call(Container container, Site site, Random random)
    {
        var wantsDel = container.Knowledge switch
        {
            Knowledge.Released => 0.05,
            Knowledge.Held => 0.8,
            _ => 0.5,
        };
        if (random.NextDouble() >= wantsDel)
            return container.Added(site.Add(network, container.Id));
        container.Deleting();
        container.Deleted(site.Del(network, container.Id));
        return true;
    }
}
