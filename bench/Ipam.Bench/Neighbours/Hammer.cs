namespace Ipam.Bench.Neighbours;

/// <summary>Callers that ADD one container after the other, whatever the answer is, for as long as this object lives.</summary>
internal sealed class Hammer : IDisposable
{
    private readonly List<Thread> _callers = [];
    private volatile bool _isOver;

    /// <param name="sockets">The nodes that the callers are spread over.</param>
    /// <param name="configuration">The configuration's file.</param>
    /// <param name="prefix">Of the containers' names.</param>
    /// <param name="callers">How many.</param>
    public Hammer(IReadOnlyList<string> sockets, string configuration, string prefix, int callers)
    {
        var body = File.ReadAllBytes(configuration);
        for (var i = 0; i < callers; i++)
        {
            var number = i;
            var caller = new Thread(() =>
            {
                using var connection = new LoadConnection(sockets[number % sockets.Count], body) { MayFail = true };
                for (var call = 0; !_isOver; call++)
                    connection.Call("add", $"{prefix}{number}-{call}");
            }, maxStackSize: 256 << 10);
            caller.Start();
            _callers.Add(caller);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _callers.ForEach(static caller => caller.Join());
    }
}
