namespace Ipam.Service.Mirror;

/// <summary>The spooled releases that were carried out last, so that none is carried out again after a crash before its file was deleted. For one caller at a time.</summary>
internal sealed class CarriedOutReleases
{
    private const int Most = 1_000;

    private readonly Queue<string> _requests = new();

    /// <summary>The oldest first.</summary>
    public IReadOnlyCollection<string> All => _requests;

    /// <summary>Whether it is among them.</summary>
    public bool Contains(string request) => _requests.Contains(request);

    /// <summary>Adds one, and forgets the oldest of more than a thousand.</summary>
    public void Add(string request)
    {
        _requests.Enqueue(request);
        while (_requests.Count > Most)
            _requests.Dequeue();
    }
}
