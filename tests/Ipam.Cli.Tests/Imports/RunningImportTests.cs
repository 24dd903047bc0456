using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Imports;

/// <summary>What runs on this machine keeps its address, whatever the store knows.</summary>
public sealed class RunningImportTests : CatalogTest
{
    private readonly TempFolder _folder = new();

    /// <summary>The procedure of docs/operations.md.</summary>
    [RootFact("ip", "nsenter")]
    public async Task After_a_restore_no_address_is_handed_out_twice()
    {
        using var namespaces = new Namespaces(_folder);
        await DoAsync("pool", "create", "blue", "--range", "10.44.0.0/24", "--range", "fd44::/64");
        string[] before, after;
        await using (var service = await Service.StartAsync(DatabaseFile))
            before = await service.AddAsync("c1", namespaces);
        Directory.CreateDirectory(_folder.Combine("backup"));
        CopyDatabase(Path.GetDirectoryName(DatabaseFile)!, _folder.Combine("backup"));
        await using (var service = await Service.StartAsync(DatabaseFile))
            after = [.. await service.AddAsync("c2", namespaces), .. await service.AddAsync("c3", namespaces)];
        Assert.Equal(["10.44.0.3", "fd44::3", "10.44.0.4", "fd44::4"], after);

        CopyDatabase(_folder.Combine("backup"), Path.GetDirectoryName(DatabaseFile)!);
        Assert.Equal(before, (await LeasesAsync()).Select(static lease => lease.Address.ToString()));
        string[] import = ["import", "running", "--namespaces", namespaces.Folder, "--cni-results", namespaces.Results, "--node", "node-a"];
        var planned = await RunAsync([.. import, "--dry-run"]);
        Assert.Equal((0, "ipamctl: network running: take: 4, there: 2, outside-pools: 3\n"), (planned.ExitCode, planned.Error));
        var done = await RunAsync(import);
        Assert.Equal((0, "ipamctl: network running: taken: 4, there: 2, outside-pools: 3\n"), (done.ExitCode, done.Error));

        await using (var service = await Service.StartAsync(DatabaseFile))
        {
            Assert.Empty((await service.AddAsync("c4", null)).Intersect([.. before, .. after]));
            // Repeated, an ADD is answered with what the container has.
            Assert.Equal(after[..2], await service.AddAsync("c2", null));
            await service.DelAsync("c3");
        }
        var leases = await LeasesAsync();
        Assert.Equal(6, leases.Count);
        var taken = leases.Single(static lease => lease.Address.ToString() == "10.44.0.3");
        Assert.Equal("pods/c2/eth0", taken.Owner.ToString());
    }

    [RootFact("ip", "nsenter")]
    public async Task Of_an_address_of_which_nobody_says_whose_it_is_the_namespace_is_the_owner()
    {
        using var namespaces = new Namespaces(_folder);
        await DoAsync("pool", "create", "blue", "--range", "10.44.0.0/24");
        namespaces.Run("c1", "10.44.0.9/24");
        namespaces.Run("c2", "10.44.0.10/24");
        // The files of containers that are gone say that each of them had it: whose it is now can't be said.
        namespaces.WriteResult("c3", "gone", "10.44.0.10/24");
        namespaces.WriteResult("c4", "gone", "10.44.0.10/24");
        File.WriteAllText(Path.Combine(namespaces.Results, "broken"), "{");

        var outcome = await RunAsync("import", "running", "--namespaces", namespaces.Folder, "--cni-results", namespaces.Results, "--node", "node-a");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith($"ipamctl: {namespaces.Results}/broken can't be read, and says nothing of who has an address: ", outcome.Error, StringComparison.Ordinal);
        var leases = await LeasesAsync();
        Assert.Equal(["10.44.0.9", "10.44.0.10"], leases.Select(static lease => lease.Address.ToString()));
        Assert.All(leases, static lease =>
        {
            Assert.Equal(("imported:running", $"net:[{lease.NamespaceIdentity.Inode}]", "eth0"), (lease.Owner.Network, lease.Owner.ContainerId, lease.Owner.InterfaceName));
            Assert.True(lease.NamespaceIdentity.WasSeen);
        });
        // What is held by another one is told, and all else is taken over.
        await ChangeAsync(added: [Some.Lease("10.44.0.11") with { NamespaceIdentity = leases[0].NamespaceIdentity }], removed: [leases[0]]);
        namespaces.Run("c5", "10.44.0.11/24");
        var again = await RunAsync("import", "running", "--namespaces", namespaces.Folder, "--cni-results", namespaces.Folder, "--node", "node-a");
        Assert.Equal(10, again.ExitCode);
        Assert.EndsWith("ipamctl: network running: taken: 1, there: 1, conflict: 1\n", again.Error, StringComparison.Ordinal);
    }

    private static void CopyDatabase(string from, string to)
    {
        foreach (var file in Directory.GetFiles(to, "ipam.db*"))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(from, "ipam.db*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>Containers: a network namespace each, and what a runtime writes down of it.</summary>
    private sealed class Namespaces : IDisposable
    {
        private readonly List<string> _names = [];
        private readonly TempFolder _folder;

        public Namespaces(TempFolder folder)
        {
            _folder = folder;
            Directory.CreateDirectory(Folder);
            Directory.CreateDirectory(Results);
            // A file that is no namespace.
            File.WriteAllText(Path.Combine(Folder, "left-behind"), "");
        }

        public string Folder => _folder.Combine("netns");

        public string Results => _folder.Combine("results");

        public void Run(string container, params string[] addresses)
        {
            var name = $"import-{Guid.NewGuid():N}"[..20];
            _names.Add(name);
            Command.Run("ip", "netns", "add", name);
            File.CreateSymbolicLink(Path.Combine(Folder, container), $"/run/netns/{name}");
            Command.Run("ip", "-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", "peer0");
            foreach (var address in addresses)
                Command.Run("ip", "-n", name, "address", "add", address, "dev", "eth0");
            if (addresses.Length > 1)
                Command.Run("ip", "-n", name, "address", "add", $"192.0.2.{_names.Count}/24", "dev", "peer0");
        }

        public void WriteResult(string container, string sandbox, params string[] addresses) => File.WriteAllText(
            Path.Combine(Results, $"pods-{container}-eth0"), $$$"""
            {"kind":"cniCacheV1","containerId":"{{{container}}}","config":"","ifName":"eth0","networkName":"pods",
             "cniArgs":[["K8S_POD_NAMESPACE","shop"],["K8S_POD_NAME","{{{container}}}"]],
             "result":{"cniVersion":"1.0.0","interfaces":[{"name":"veth1"},{"name":"eth0","sandbox":"{{{sandbox}}}"}],
                       "ips":[{{{string.Join(',', addresses.Select(static address => "{\"address\":\"" + address + "\"}"))}}}]}}
            """);

        public string PathOf(string container) => Path.Combine(Folder, container);

        public void Dispose()
        {
            foreach (var name in _names)
                Command.TryRun("ip", "netns", "delete", name);
        }
    }

    /// <summary>The allocator of an ipamd.</summary>
    private sealed class Service(IIpamStore store, Allocator allocator) : IAsyncDisposable
    {
        public static async Task<Service> StartAsync(string file)
        {
            var store = await StoreContent.OpenAsync(file);
            var allocator = new Allocator(store, new AllocatorOptions(), TimeProvider.System, new Random(1));
            await allocator.StartAsync(default);
            return new Service(store, allocator);
        }

        public async Task<string[]> AddAsync(string container, Namespaces? namespaces)
        {
            var outcome = Assert.IsType<AllocationOutcome.Allocated>(await allocator.AllocateAsync(
                new AllocationRequest { Space = "default", Owner = OwnerOf(container), Entries = [Range("10.44.0.0/24"), Range("fd44::/64")], Node = "node-a" }, default));
            var addresses = outcome.Addresses.Select(static one => one.Lease.Address.ToString()).ToArray();
            string[] prefixes = [$"{addresses[0]}/24", $"{addresses[1]}/64"];
            namespaces?.Run(container, prefixes);
            namespaces?.WriteResult(container, namespaces.PathOf(container), prefixes);
            return addresses;
        }

        public Task<IReadOnlyList<Lease>> DelAsync(string container) => allocator.ReleaseAsync(OwnerOf(container), ReleaseCause.Del, static _ => false, default);

        public async ValueTask DisposeAsync()
        {
            await allocator.DisposeAsync();
            await store.DisposeAsync();
        }

        private static Owner OwnerOf(string container) => new("pods", container, "eth0");

        private static AllocationEntry Range(string subnet) => new([new PoolRange { Subnet = Prefix.Parse(subnet) }.Without([])]);
    }
}
