using Ipam.Core.Addresses;
using Ipam.Core.Stores;

namespace Ipam.Service.Pools;

/// <summary>Which node this is. Safe for use by several threads at once.</summary>
internal sealed class NodeIdentity
{
    private readonly Dictionary<string, string> _given;
    private volatile Dictionary<string, string> _labels;
    private volatile IReadOnlyList<Prefix>? _podCidrs;
    private volatile bool _isAsked;

    /// <param name="name">Its name, as the cluster knows it.</param>
    /// <param name="labels">The labels that the service was told.</param>
    public NodeIdentity(string name, IReadOnlyDictionary<string, string> labels) =>
        (Name, _given, _labels) = (name, new(labels), new(labels));

    public string Name { get; }

    /// <summary>The node's labels, as far as they are known.</summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get
        {
            _isAsked = true;
            return _labels;
        }
    }

    /// <summary>The subnets of the node's pods, empty if it wasn't given any yet; null if no cluster says so. Once it has some, they stay.</summary>
    public IReadOnlyList<Prefix>? PodCidrs
    {
        get
        {
            var known = _podCidrs;
            if (known is { Count: 0 })
                _isAsked = true;
            return known;
        }
    }

    /// <summary>Whether anybody has asked for what may have changed since the last call: only then it is worth learning it anew.</summary>
    public bool TakeAsked()
    {
        var isAsked = _isAsked;
        _isAsked = false;
        return isAsked;
    }

    /// <summary>Adds what the cluster says. Labels that the service was told itself count more.</summary>
    public void Learn(NodeFacts known)
    {
        // A Node object that can't be read for a moment takes nothing away.
        if (_podCidrs is not { } before || (known.PodCidrs.Count > 0 && !before.SequenceEqual(known.PodCidrs)))
            _podCidrs = known.PodCidrs;
        var all = new Dictionary<string, string>(known.Labels);
        foreach (var (key, value) in _given)
            all[key] = value;
        if (all.Count != _labels.Count || all.Any(label => !_labels.TryGetValue(label.Key, out var value) || value != label.Value))
            _labels = all;
    }
}
