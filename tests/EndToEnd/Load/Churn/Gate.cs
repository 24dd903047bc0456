namespace EndToEnd.Load.Churn;

/// <summary>Lets workers through, one call at a time each, until it is closed; closing waits for those inside.</summary>
internal sealed class Gate
{
    private readonly object _lock = new();
    private int _inside;
    private int _openings;
    private bool _closed;

    public void Enter()
    {
        lock (_lock)
        {
            while (_closed)
                Monitor.Wait(_lock);
            _inside++;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until it has been closed and opened again.</summary>
    public void WaitForNextOpening()
    {
        lock (_lock)
        {
            for (var seen = _openings; seen == _openings;)
                Monitor.Wait(_lock);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_inside > 0)
                Monitor.Wait(_lock);
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _closed = false;
            _openings++;
            Monitor.PulseAll(_lock);
        }
    }
}
