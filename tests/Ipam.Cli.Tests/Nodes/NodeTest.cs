using Ipam.Cli.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Tests.Nodes;

/// <summary>Runs ipamctl against a store that nodes work on, with a clock on which time passes by waiting.</summary>
public abstract class NodeTest : CommandTest
{
    private readonly PassingTime _time = new(Some.Noon.AddMinutes(5));

    protected NodeTest() => Time = _time;

    private protected TimeSpan Waited => _time.Passed;

    private protected static NodeEntry Entry(string node, string run = "run") => new(node, $"instance-of-{node}", run, $"host-{node}", "identity", 1);

    /// <summary>Has ipamd on a node write its entry anew whenever somebody waits.</summary>
    private protected void Reports(string node)
    {
        var renewals = 1;
        _time.Passing = _ => RegisterAsync(Entry(node) with { Renewals = ++renewals }, "run").Wait();
    }

    private protected async Task RegisterAsync(NodeEntry entry, string? formerRun = null)
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        Assert.True(await store.Nodes.PutAsync(entry, formerRun, default));
    }

    private protected async Task<IEnumerable<string>> EntriesAsync()
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        return (await store.Nodes.ListAsync(default)).Select(static entry => entry.Node).Order(StringComparer.Ordinal);
    }

    /// <summary>Gives a node a block, and the leases in it, which may be those of others.</summary>
    private protected async Task OwnAsync(string node, string address, params Lease[] leases)
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        var block = new Block(BlockId.Of("default", Address.Parse(address)), leases)
        {
            Node = node,
            LastSequence = leases.Select(static lease => lease.Sequence).DefaultIfEmpty().Max(),
            LastOffset = leases.Length - 1,
        };
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync([new BlockChange(block, leases, [])], default))[0].Status);
    }
}
