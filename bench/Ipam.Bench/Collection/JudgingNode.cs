using Cni.Protocol;
using Ipam.Bench.Ptp;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Service.Metrics;
using Ipam.Service.Mirror;
using Ipam.Service.Namespaces;
using Ipam.Service.Notices;
using Ipam.Service.Reconciliation;
using Ipam.Service.Releases;
using Ipam.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Collection;

/// <summary>What it costs a node with 250 pods in real namespaces to judge its own leases, as ipamd does every 15 seconds: the same parts, in this process.</summary>
internal static class JudgingNode
{
    private const string Node = "bench";
    private const int Pods = 250;
    private const int Passes = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly AllocationRange Range = new(
        Prefix.Parse("10.0.0.0/16"), new AddressRange(Address.Parse("10.0.0.1"), Address.Parse("10.0.255.254")), null, []);

    public static async Task MeasureAsync()
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-gc-{Environment.ProcessId}").FullName;
        var containers = Enumerable.Range(0, Pods).Select(static i => new Container($"ipam-bench-{i}")).ToList();
        try
        {
            await MeasureAsync(folder, containers);
        }
        finally
        {
            containers.ForEach(static container => container.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string folder, List<Container> containers)
    {
        var (time, log) = (new JumpingTime(), NullLogger.Instance);
        await using var store = StoreFactory.Create($"sqlite:{folder}/ipam.db", time);
        await store.OpenAsync(default);
        using var mirror = new MirrorFile($"{folder}/spool", Node, log);
        mirror.Load();
        await using var allocator = new Allocator(store, new AllocatorOptions { Node = Node }, time, new Random(1), mirror: mirror);
        await allocator.StartAsync(default);
        var namespaces = new MachineNamespaces(MonotonicMoment.ThisBoot());
        foreach (var container in containers)
            await AddAsync(allocator, namespaces, container);
        var metrics = new ServiceMetrics();
        var judge = new NodeJudge(
            allocator, new NamespaceSource(namespaces, time), mirror, new RecentAdds(time), Grace, new ReleasePostings(store, store.Pools.ReadAsync, time, log), metrics, time, log);

        // What runs in a pass is to be compiled as it is after a while.
        await PassAsync(judge, time);
        var before = ProcessorClock.Of(Environment.ProcessId);
        await PassAsync(judge, time);
        var used = ProcessorClock.Of(Environment.ProcessId) - before;
        Head($"a node with {Pods} pods judges itself", "");
        Row("processor time of a pass, ms", Number(used.TotalMilliseconds / Passes));
    }

    private static async Task AddAsync(Allocator allocator, MachineNamespaces namespaces, Container container)
    {
        var outcome = await allocator.AllocateAsync(
            new AllocationRequest
            {
                Space = "default",
                Owner = new Owner("bench", container.Name, "eth0"),
                Node = Node,
                Entries = [new AllocationEntry([Range])],
                NetworkNamespace = container.NetNs,
                NamespaceIdentity = namespaces.Identify(container.NetNs, NamespaceMark.Of(container.NetNs)),
            },
            default);
        if (outcome is not AllocationOutcome.Allocated { Addresses: [{ Lease.NamespaceIdentity.WasSeen: true }] })
            throw new InvalidOperationException($"{container.Name}: {outcome}");
    }

    private static async Task PassAsync(NodeJudge judge, JumpingTime time)
    {
        for (var pass = 0; pass < Passes; pass++)
        {
            time.Jump(Interval);
            await judge.TurnAsync(default);
        }
    }
}
