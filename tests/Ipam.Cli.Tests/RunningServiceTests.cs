using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Cli.Tests;

/// <summary>ipamctl beside the allocator of a running service, over one file.</summary>
public sealed class RunningServiceTests : CommandTest
{
    private static readonly AllocationRange OneAddress =
        new(Prefix.Parse("10.0.0.0/24"), new AddressRange(Address.Parse("10.0.0.9"), Address.Parse("10.0.0.9")), gateway: null, excluded: []);

    [Fact]
    public async Task What_ipamctl_releases_the_service_hands_out_again()
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        await using var service = new Allocator(store, new AllocatorOptions(), TimeProvider.System, new Random(1));
        await service.StartAsync(default);
        Assert.IsType<AllocationOutcome.Allocated>(await AllocateAsync(service, "first"));
        Assert.IsType<AllocationOutcome.Exhausted>(await AllocateAsync(service, "second"));

        Assert.Equal(0, (await RunAsync("lease", "release", "10.0.0.9", "--yes")).ExitCode);

        // That the range is exhausted, the service says for a second without looking again.
        await Wait.UntilAsync(async () => await AllocateAsync(service, "second") is AllocationOutcome.Allocated, "an address for the second");
        Assert.Equal("second", Assert.Single(await LeasesAsync()).Owner.ContainerId);
        Assert.Contains("CONTAINER  second\n", (await RunAsync("lease", "show", "10.0.0.9")).Output, StringComparison.Ordinal);
    }

    private static Task<AllocationOutcome> AllocateAsync(Allocator service, string container) => service.AllocateAsync(
        new AllocationRequest
        {
            Space = "default",
            Owner = new Owner("pods", container, "eth0"),
            Entries = [new AllocationEntry([OneAddress])],
            Node = "node-a",
        },
        default);
}
