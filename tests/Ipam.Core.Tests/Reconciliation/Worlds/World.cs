using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Reconciliation.Worlds;

/// <summary>
/// A node as it really is, which only the oracle knows: containers with namespaces and pods, their leases, and two who judge them by what they are shown.
/// What they are shown may be late, cut short, of another folder, or missing. All of it is made from a seed.
/// </summary>
internal sealed class World
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PodLag = TimeSpan.FromSeconds(20);
    private static readonly string[] Paths = [.. Enumerable.Range(0, 20).Select(static name => $"/run/netns/{name}")];

    private readonly Random _random;
    private readonly ManualTimeProvider _time = new(Some.Instant);
    private readonly Dictionary<string, Lease> _leases = [];
    /// <summary>Those that live.</summary>
    private readonly List<Container> _containers = [];
    private readonly Dictionary<string, Container> _byId = [];
    private readonly Dictionary<string, Container> _byPath = [];
    private readonly HashSet<int> _inodes = [];
    private readonly Queue<(TimeSpan At, HashSet<string> Pods)> _pastLists = new();
    private readonly List<string>? _story;
    private readonly Judge[] _judges;
    private TimeSpan _now;
    private long _sequence;
    private int _nextName;
    private uint _boot = 1;
    private bool _isFolderAnother, _isApiAway;
    private TimeSpan _quietSince;

    /// <summary>A world.</summary>
    /// <param name="seed">Makes it.</param>
    /// <param name="isTold">Whether what happens is written down, which takes most of the time.</param>
    public World(int seed, bool isTold)
    {
        Seed = seed;
        _story = isTold ? [] : null;
        _random = new Random(seed);
        _judges = [new Judge(this), new Judge(this)];
    }

    public int Seed { get; }

    /// <summary>What happened, for whoever looks into a failure.</summary>
    public string Story => string.Join('\n', _story ?? []);

    public int Released { get; private set; }

    /// <summary>Lets so many things happen, then none but judging, until every leak must be gone. Throws when something is wrong.</summary>
    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Happen();
            Advance(TimeSpan.FromSeconds(_random.Next(8)));
        }
        _isFolderAnother = _isApiAway = false;
        _quietSince = _now;
        Tell($"{_now} quiet");
        // A list that was far too short is believed after ten minutes, and two readings are a grace period apart.
        while (_now - _quietSince < TimeSpan.FromMinutes(13) && Left().Any())
            Advance(TimeSpan.FromSeconds(15));
        var left = Left().ToList();
        Ensure(left.Count == 0, () => $"not released: {string.Join(", ", left.Select(static lease => lease.Owner.ContainerId))}");
        Ensure(_containers.TrueForAll(container => _leases.ContainsKey(container.Id)), static () => "a living container has no lease");
    }

    /// <summary>Leaks that nobody has released, and that can be known.</summary>
    private IEnumerable<Lease> Left()
    {
        var pods = ListedPods();
        return _leases.Values.Where(lease => IsLeak(lease) && CanBeKnown(lease, pods));
    }

    private void Happen()
    {
        var one = _containers.Count > 0 ? _containers[_random.Next(_containers.Count)] : null;
        switch (_random.Next(16))
        {
            case < 5:
                Begin(NewPod());
                break;
            case < 7 when one is not null:
                End(one, _random.Next(2) == 0, "ends");
                break;
            case 7 when one is not null:
                // The sandbox is made anew under the same pod.
                End(one, isDelLost: true, "is replaced");
                Begin(one.Pod);
                break;
            case 8 when one is not null:
                // The runtime lost the answer, and repeats the ADD from a namespace that it made anew.
                FreeInode(one);
                _byPath.Remove(one.Path);
                (one.Inode, one.Path) = (TakeInode(), _random.Next(2) == 0 ? one.Path : NewPath());
                _byPath.Add(one.Path, one);
                Lease(one, "asks again");
                break;
            case 9:
                _judges[_random.Next(2)] = new Judge(this);
                Tell($"{_now} a judge begins anew");
                break;
            case 10:
                _isFolderAnother = !_isFolderAnother;
                Tell($"{_now} the folder is {(_isFolderAnother ? "another" : "the same")}");
                break;
            case 11:
                _isApiAway = !_isApiAway;
                Tell($"{_now} the API is {(_isApiAway ? "away" : "back")}");
                break;
            case 12 when _random.Next(10) == 0:
                Reboot();
                break;
            case 13 when one is not null:
                // The clock of the day goes where it likes.
                _sequence = Math.Max(0, _sequence + _random.Next(1_000));
                break;
        }
    }

    private void Advance(TimeSpan by)
    {
        _pastLists.Enqueue((_now, ListedPods()));
        _now += by;
        _time.Advance(by);
        while (_pastLists.Peek().At < _now - PodLag)
            _pastLists.Dequeue();
        foreach (var judge in _judges)
        {
            if (IsQuiet || _random.Next(3) == 0)
                judge.Pass();
        }
    }

    private bool IsQuiet => _quietSince > TimeSpan.Zero;

    private void Begin(string pod)
    {
        var container = new Container($"c{_nextName++}", pod, NewPath(), TakeInode(), Boot: _boot);
        _containers.Add(container);
        _byId.Add(container.Id, container);
        _byPath.Add(container.Path, container);
        Lease(container, "begins");
    }

    private void Lease(Container container, string what)
    {
        var before = _leases.GetValueOrDefault(container.Id);
        // Of some nothing is known: an older plugin's, or a path that the service doesn't see.
        var kind = _random.Next(8);
        var identity = kind == 0 ? default : new NamespaceIdentity(_boot, (uint)container.Inode, kind == 1 || _isFolderAnother ? 0u : 1u);
        _leases[container.Id] = Some.Lease($"10.0.{container.Number / 250}.{container.Number % 250}", container.Id, ++_sequence) with
        {
            NetworkNamespace = container.Path,
            NamespaceIdentity = identity,
            Pod = new PodReference("ns", "name", container.Pod),
        };
        Tell($"{_now} {container} {what}{(before is null ? "" : " again")} as {identity}");
    }

    private void End(Container container, bool isDelLost, string what)
    {
        _containers.Remove(container);
        _byId.Remove(container.Id);
        _byPath.Remove(container.Path);
        FreeInode(container);
        if (!isDelLost)
            _leases.Remove(container.Id);
        Tell($"{_now} {container} {what}{(isDelLost ? ", its DEL is lost" : "")}");
    }

    private void Reboot()
    {
        Tell($"{_now} reboot");
        foreach (var container in _containers.ToList())
            End(container, isDelLost: true, "ends with the machine");
        _boot++;
        for (var i = 0; i < _judges.Length; i++)
            _judges[i] = new Judge(this);
    }

    private string NewPod() => $"pod{_nextName++}";

    /// <summary>Names come again, once they are free.</summary>
    private string NewPath()
    {
        for (var name = _random.Next(Paths.Length); ; name++)
        {
            var path = name < Paths.Length ? Paths[name] : $"/run/netns/{name}";
            if (!_byPath.ContainsKey(path))
                return path;
        }
    }

    /// <summary>The lowest number that is free, as the kernel does.</summary>
    private int TakeInode()
    {
        var inode = 1;
        while (!_inodes.Add(inode))
            inode++;
        return inode;
    }

    private void FreeInode(Container container)
    {
        _inodes.Remove(container.Inode);
        container.Inode = 0;
    }

    private HashSet<string> ListedPods()
    {
        var pods = new HashSet<string>(_containers.Count + 1) { "a daemon's" };
        foreach (var container in _containers)
            pods.Add(container.Pod);
        return pods;
    }

    private bool IsLeak(Lease lease) => !_byId.ContainsKey(lease.Owner.ContainerId);

    /// <summary>Whether a source can ever find out: a path may by chance hold a namespace with the number of the one that is gone, which counts as alive.</summary>
    private bool CanBeKnown(Lease lease, HashSet<string> listed) => NamespaceEvidence(lease).Verdict switch
    {
        Verdict.Gone => true,
        Verdict.Unknown => !listed.Contains(lease.Pod!.Uid),
        _ => false,
    };

    private void Tell(FormattableString what) => _story?.Add(what.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private void Ensure(bool isSo, Func<string> what)
    {
        if (!isSo)
            throw new InvalidOperationException($"world {Seed}: {what()}\n{Story}");
    }

    private Evidence NamespaceEvidence(Lease lease)
    {
        var identity = lease.NamespaceIdentity;
        if (!identity.IsKnown)
            return Evidence.Unknown;
        if (identity.Boot != _boot)
            return Evidence.Decisive("reboot", "the machine has booted since");
        if (!identity.WasSeen || _isFolderAnother)
            return Evidence.Unknown;
        return !_byPath.TryGetValue(lease.NetworkNamespace, out var there) ? Evidence.Gone("namespace", "missing")
            : there.Inode == identity.Inode ? Evidence.Alive("")
            : Evidence.Gone("namespace", "another");
    }

    /// <summary>Only of leases whose namespace says nothing, as the service asks.</summary>
    private Evidence PodEvidence(Lease lease, HashSet<string> listed) =>
        NamespaceEvidence(lease).Verdict != Verdict.Unknown ? Evidence.Unknown
        : listed.Contains(lease.Pod!.Uid) ? Evidence.Alive("listed")
        : Evidence.Gone("pod", "not listed");

    /// <summary>It is judged before anything else happens, so it is looked at only then.</summary>
    private Reading ReadNamespaces() => new("namespaces", _time.GetTimestamp(), _time.GetTimestamp(), NamespaceEvidence);

    /// <summary>A list that may be late, cut short with or without anybody noticing, empty, or not to be had.</summary>
    private Reading? ReadPods()
    {
        if (_isApiAway)
            return null;
        var fault = IsQuiet ? 0 : _random.Next(6);
        var listed = fault == 1 ? _pastLists.Peek().Pods : ListedPods();
        if (fault is 2 or 3)
            listed = [.. listed.Where(_ => _random.Next(4) != 0)];
        if (fault == 4)
            listed = [];
        return new Reading("pods", _time.GetTimestamp(), _time.GetTimestamp(), lease => PodEvidence(lease, listed))
        {
            Size = listed.Count,
            IsComplete = fault != 2,
        };
    }

    private sealed class Judge(World world)
    {
        private readonly Reconciler _reconciler = new(new ReconcilerOptions { Grace = Grace }, world._time);

        public void Pass()
        {
            var leases = world._leases.Values.ToArray();
            world._random.Shuffle(leases);
            var listedAt = world._time.GetTimestamp();
            // What happens in the meantime is in the readings and not in the leases.
            if (!world.IsQuiet && world._random.Next(8) == 0)
                world.Happen();
            var namespaces = world.ReadNamespaces();
            var report = _reconciler.Judge(leases, listedAt, world.ReadPods() is { } pods ? [namespaces, pods] : [namespaces]);
            if (!world.IsQuiet && world._random.Next(8) == 0)
                world.Happen();
            foreach (var release in report.Releases)
                Release(release);
        }

        private void Release(LeakRelease release)
        {
            // The fresh look reads one owner from the source itself: it may fail, but it isn't late.
            var look = release.Source == "namespaces" ? world.NamespaceEvidence(release.Lease)
                : world._isApiAway ? Evidence.Unknown
                : world.PodEvidence(release.Lease, world.ListedPods());
            if (!_reconciler.Confirm(release, look))
                return;
            // By sequence: a lease that was renewed meanwhile is another one.
            var id = release.Lease.Owner.ContainerId;
            if (!world._leases.TryGetValue(id, out var now) || !now.IsSameAs(release.Lease))
                return;
            world.Ensure(world.IsLeak(now), () => $"released {id}, which lives: {release.Because}");
            world._leases.Remove(id);
            world.Released++;
            world.Tell($"{world._now} {id} released: {release.Because}");
        }
    }

    private sealed record Container(string Id, string Pod, string Path, int Inode, uint Boot)
    {
        public int Number { get; } = int.Parse(Id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

        public string Path { get; set; } = Path;

        public int Inode { get; set; } = Inode;

        public override string ToString() => $"{Id} of {Pod} at {Path} net:[{Inode}]";
    }
}
