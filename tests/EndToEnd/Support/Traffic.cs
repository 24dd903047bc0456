namespace EndToEnd.Support;

/// <summary>Containers that come and go one after the other on each of a few threads, while a test does something to what serves them.</summary>
internal sealed class Traffic
{
    private readonly Task _workers;
    private volatile bool _isOver;
    private int _turns;

    /// <summary>Begins.</summary>
    /// <param name="workers">How many threads.</param>
    /// <param name="turn">The life of a container, whose name it gets; fails if a call does.</param>
    public Traffic(int workers, Action<string> turn) => _workers = Workers.RunAsync(workers, worker =>
    {
        try
        {
            for (var i = 0; !_isOver; i++)
            {
                turn($"c{worker}-{i}");
                Interlocked.Increment(ref _turns);
            }
        }
        finally
        {
            // Who fails ends it for all: the test is to hear of it.
            _isOver = true;
        }
    });

    /// <summary>Returns when so many more containers have come and gone, or one has failed.</summary>
    public Task SeeAsync(int turns)
    {
        var before = Volatile.Read(ref _turns);
        return Wait.UntilAsync(() => Volatile.Read(ref _turns) >= before + turns || _isOver, $"{turns} containers");
    }

    /// <summary>Ends it. Fails if a call failed.</summary>
    public Task StopAsync()
    {
        _isOver = true;
        return _workers;
    }
}
