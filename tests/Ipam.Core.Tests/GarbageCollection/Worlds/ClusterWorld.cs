using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.GarbageCollection.Worlds;

/// <summary>
/// A cluster as it really is, which only the oracle knows: machines with containers, the cluster's nodes and pods, the entries of ipamds, and two who collect by
/// what they are shown. A container that lives always shows one sign of that: its node, its ipamd, or its pod. All of it is made from a seed.
/// </summary>
internal sealed class ClusterWorld : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>Longer than ipamds may be silent, than the grace period, and than a list that has shrunk is not believed.</summary>
    private static readonly TimeSpan LongestLeak = TimeSpan.FromMinutes(30);

    private readonly Random _random;
    private readonly ManualTimeProvider _time = new(Some.Instant);
    private readonly InMemoryCluster _cluster = new();
    private readonly InMemoryStore _store;
    private readonly List<Machine> _machines = [];
    private readonly List<Container> _containers = [];
    private readonly LeakCollector?[] _collectors = new LeakCollector?[2];
    private long _sequence;
    private int _named;

    public ClusterWorld(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        _store = new InMemoryStore(StoreMode.PerBlock, seed) { IsSharedByNodes = true, Cluster = _cluster };
        for (var i = 0; i < 5; i++)
            _machines.Add(new Machine($"node-{i}", isNamedElse: i == 4));
        foreach (var machine in _machines)
            Join(machine);
        // A machine of which nothing is told, so that no list is ever empty.
        _cluster.Nodes["control-plane"] = "uid";
        _cluster.Pods.Add(new ClusterPod("kube-system", "etcd", ["uid of etcd"], "control-plane", false, []));
    }

    public int Seed { get; }

    public int Released { get; private set; }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>Lets so many things happen, then none but collecting, until every leak must be gone.</summary>
    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Happen();
            await PassAsync(isDisturbed: true);
        }
        for (var quiet = TimeSpan.Zero; quiet < LongestLeak; quiet += Step)
            await PassAsync(isDisturbed: false);
        var leaks = _containers.Where(container => IsLeak(container) && _store.Content.Holds(container.Lease)).ToArray();
        if (leaks.Length > 0)
            throw new InvalidOperationException($"seed {Seed}: {leaks[0].Lease} is still held {LongestLeak} after its node was gone");
    }

    /// <summary>A lease of a machine that is gone, and that there is evidence of.</summary>
    private bool IsLeak(Container container) => !container.Machine.IsAlive
        && (container.Lease.Pod is not null || (container.Machine.FoundUid.Length > 0 && !_cluster.Nodes.ContainsKey(container.Machine.Name)));

    private async Task PassAsync(bool isDisturbed)
    {
        _time.Advance(Step);
        foreach (var machine in _machines.Where(static machine => machine.Reports))
            Report(machine);
        var who = _random.Next(_collectors.Length);
        if (isDisturbed && _random.Next(15) == 0)
            _collectors[who] = null;
        var collector = _collectors[who] ??= new LeakCollector(_store, new CollectorOptions { By = $"leader {who}" }, _time, _random);
        _cluster.Fault = isDisturbed && _random.Next(10) == 0 ? new StoreException("injected: the cluster doesn't answer") : null;
        _cluster.AfterList = isDisturbed && _random.Next(3) == 0 ? Happen : static () => { };
        try
        {
            Released += (await collector.PassAsync(() => !isDisturbed || _random.Next(20) > 0, default)).Released.Count;
        }
        catch (StoreException) when (_cluster.Fault is not null)
        {
            // A pass that can't see releases nothing.
        }
        if (_containers.Find(container => container.IsAlive && !_store.Content.Holds(container.Lease)) is { } victim)
            throw new InvalidOperationException($"seed {Seed}: {victim.Lease} was released although its container lives");
    }

    private void Happen()
    {
        var machine = _machines[_random.Next(_machines.Count)];
        switch (_random.Next(11))
        {
            case 0 or 1 or 2:
                if (machine.IsAlive)
                    Start(machine);
                break;
            case 3:
                Stop(_containers.Where(container => container.IsAlive && container.Machine.Reports).ElementAtOrDefault(_random.Next(10)));
                break;
            case 4:
                // Its node stays in the cluster meanwhile, as the one that it found.
                if (machine.IsAlive && (machine.IsNamedElse || IsFound(machine)))
                {
                    machine.Reports = !machine.Reports;
                    if (machine.Reports)
                        Report(machine);
                }
                break;
            case 5:
                // Its ipamd reports meanwhile, and finds out in time when its node was made anew.
                if (machine is not { IsAlive: true, Reports: true, IsNamedElse: false })
                    break;
                if (!_cluster.Nodes.Remove(machine.Name))
                    Join(machine);
                else if (_random.Next(3) == 0)
                    Look(machine);
                break;
            case 6:
                Die(machine);
                break;
            case 7:
                // Its node, or its ipamd, says that its containers may go on.
                if (!machine.IsNamedElse && (machine.Reports || IsFound(machine)))
                    _cluster.Pods.RemoveAll(pod => pod.Node == machine.Name && _random.Next(2) == 0);
                break;
            case 8:
                if (!machine.IsAlive)
                    Renew(machine);
                break;
            case 9:
                // Another machine has its name now, on which no ipamd works.
                if (machine is { IsAlive: false, IsNamedElse: false })
                    _cluster.Nodes[machine.Name] = $"uid {_named++}";
                break;
            case 10:
                if (machine is { IsAlive: true, Reports: true })
                    Look(machine);
                break;
        }
    }

    /// <summary>A machine comes into the cluster; one that is known there by another name is not found under its own.</summary>
    private void Join(Machine machine)
    {
        var uid = _cluster.Nodes[machine.IsNamedElse ? "known-as-another" : machine.Name] = $"uid {_named++}";
        // Who comes anew is found out later.
        if (machine is { IsNamedElse: false, FoundUid.Length: 0 })
            machine.FoundUid = uid;
    }

    /// <summary>Its ipamd looks which node of the cluster it is. If there is none, it stays the one that it was.</summary>
    private void Look(Machine machine)
    {
        if (!machine.IsNamedElse)
            machine.FoundUid = _cluster.Nodes.GetValueOrDefault(machine.Name) ?? machine.FoundUid;
        Report(machine);
    }

    private bool IsFound(Machine machine) => machine.FoundUid.Length > 0 && _cluster.Nodes.GetValueOrDefault(machine.Name) == machine.FoundUid;

    private void Start(Machine machine)
    {
        if (!machine.Reports)
            return;
        var number = _named++;
        var pod = machine.IsNamedElse || _random.Next(4) > 0 ? new PodReference("shop", $"web-{_random.Next(8)}", $"uid {number}") : null;
        var taken = _store.Content.Leases.Select(static lease => lease.Address).ToHashSet();
        var address = Enumerable.Range(1, 250).Select(static i => new Address(IpFamily.V4, (UInt128)(0x0a000000 + i))).First(candidate => !taken.Contains(candidate));
        var lease = new Lease
        {
            Space = Some.Space,
            Address = address,
            Owner = Some.Owner($"c{number}"),
            Entry = 0,
            Sequence = ++_sequence,
            Node = machine.Name,
            Pod = pod,
            AcquiredAt = Some.Instant,
        };
        var id = BlockId.Of(lease.Space, lease.Address);
        var block = _store.Content.Find(id) ?? new Block(id, []) { Node = machine.Name };
        if (_store.Content.Commit([new BlockChange(block.Take(lease), [lease], [])])[0].Status != CommitStatus.Committed)
            throw new InvalidOperationException($"seed {Seed}: the world can't write");
        _containers.Add(new Container(machine, lease) { IsAlive = true });
        if (pod is not null)
            _cluster.Pods.Add(new ClusterPod(pod.Namespace, pod.Name, [pod.Uid], machine.IsNamedElse ? "known-as-another" : machine.Name, false, []));
    }

    /// <summary>A container ends as it should: its DEL comes.</summary>
    private void Stop(Container? container)
    {
        if (container is null)
            return;
        container.IsAlive = false;
        var block = _store.Content.Find(BlockId.Of(container.Lease.Space, container.Lease.Address))!;
        _store.Content.Commit([new BlockChange(block.GiveBack(container.Lease), [], [new EndedLease(container.Lease, new ReleaseReason(ReleaseCause.Del, "runtime"))])]);
        _cluster.Pods.RemoveAll(pod => container.Lease.Pod is { } own && pod.Uids.Contains(own.Uid));
    }

    /// <summary>A machine is gone for good, with all that was on it; the cluster is told.</summary>
    private void Die(Machine machine)
    {
        machine.IsAlive = machine.Reports = false;
        _cluster.Nodes.Remove(machine.IsNamedElse ? "known-as-another" : machine.Name);
        foreach (var container in _containers.Where(container => container.Machine == machine))
            container.IsAlive = false;
        _cluster.Pods.RemoveAll(pod => pod.Node == machine.Name || (machine.IsNamedElse && pod.Node == "known-as-another"));
    }

    /// <summary>Another machine comes in the place of one that is gone, under a name of its own.</summary>
    private void Renew(Machine gone)
    {
        _machines.Remove(gone);
        var machine = new Machine($"node-{_named++}", gone.IsNamedElse);
        _machines.Add(machine);
        Join(machine);
        Report(machine);
    }

    private void Report(Machine machine)
    {
        var nodes = (InMemoryNodes)_store.Nodes;
        nodes.Clear(machine.Name);
        var entry = new NodeEntry(machine.Name, "instance", "run", "host", "first", ++machine.Renewals) { ClusterUid = machine.FoundUid };
        if (!nodes.PutAsync(entry, null, default).GetAwaiter().GetResult())
            throw new InvalidOperationException($"seed {Seed}: the world can't report");
    }

    private sealed class Machine(string name, bool isNamedElse)
    {
        public string Name { get; } = name;

        /// <summary>Whether the cluster knows it by another name than its ipamd.</summary>
        public bool IsNamedElse { get; } = isNamedElse;

        public bool IsAlive { get; set; } = true;

        public bool Reports { get; set; } = true;

        /// <summary>The UID of its node as its ipamd found it; empty if it found none.</summary>
        public string FoundUid { get; set; } = "";

        public long Renewals { get; set; }
    }

    private sealed record Container(Machine Machine, Lease Lease)
    {
        public bool IsAlive { get; set; }
    }
}
