using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Stores.Tests.Contract;

/// <summary>Any name, any address.</summary>
public abstract partial class StoreContract
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("127.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("::")]
    [InlineData("::1.2.3.4")]
    [InlineData("7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("8000::")]
    [InlineData("0:0:0:1::")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public async Task The_extremes_of_both_families_are_addresses_like_any_other(string text)
    {
        var lease = Some.Lease(text);
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(text), lease));

        Assert.Equal([block], await ListAsync());
        Assert.Equal(block, await ReadAsync(block.Id));
        Assert.Equal([lease], await FindAsync(lease.Owner));
        await MustCommitAsync(Change.Release(block, lease));
        Assert.Empty(await FindAsync(lease.Owner));
    }

    [Fact]
    public async Task An_IPv4_address_and_the_IPv6_address_of_the_same_value_are_two_addresses()
    {
        var v4 = Some.Lease("1.2.3.4");
        var v6 = Some.Lease("::102:304");
        var mapped = Some.Lease(new Address(IpFamily.V6, ((UInt128)0xFFFF << 32) + 0x01020304));
        foreach (var lease in new[] { v4, v6, mapped })
            await MustCommitAsync(Change.Give(new Block(BlockId.Of("default", lease.Address), []), lease));

        Assert.Equal([v4, v6, mapped], (await ListAsync()).Select(block => Assert.Single(block.Leases)));
    }

    [Fact]
    public async Task The_same_address_in_two_spaces_is_two_addresses()
    {
        var (red, blue) = (Some.Lease("10.0.0.1", space: "red"), Some.Lease("10.0.0.1", space: "blue"));
        var redBlock = await MustCommitAsync(Change.Give(Some.NoBlock(space: "red"), red));
        await MustCommitAsync(Change.Give(Some.NoBlock(space: "blue"), blue));
        await MustCommitAsync(Change.Release(redBlock, red));

        Assert.Equal([blue], Assert.Single(await ListAsync("blue")).Leases);
        Assert.Empty(Assert.Single(await ListAsync("red")).Leases);
    }

    [Theory]
    [InlineData("'; DROP TABLE leases; --")]
    [InlineData("a\"b`c]d[e{f}g")]
    [InlineData("%_*?\\")]
    [InlineData(" ")]
    [InlineData("  leading and trailing  ")]
    [InlineData("..")]
    [InlineData("a/b:c|d#e")]
    [InlineData("{curly}")]
    [InlineData("$1 ?1 @p :x")]
    [InlineData("Größe-Ünïcödé")]
    [InlineData("地址空间")]
    [InlineData("🦊\u200D🦊")]
    [InlineData("e\u0301 is not \u00e9")]
    [InlineData("\u202Eright to left")]
    public async Task Any_printable_text_is_a_name(string name)
    {
        var lease = Some.Lease("10.0.0.1", new Owner(name, name, name), space: name) with
        {
            Node = name,
            Pod = new PodReference(name, name, name),
            NetworkNamespace = name,
        };
        var plain = await MustCommitAsync(Change.Give(Some.NoBlock(), Some.Lease("10.0.0.1")));
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(space: name) with { Node = name }, lease));

        Assert.Equal([lease], await FindAsync(lease.Owner));
        Assert.Equal([block], await ListAsync(name));
        Assert.Contains(name, await Store.ListSpacesAsync(default));
        Assert.Equal(block, await ReadAsync(block.Id));
        await MustCommitAsync(Change.Delete(block));
        Assert.Equal([plain], await ListAsync());
    }

    [Fact]
    public async Task Names_that_differ_by_case_or_by_how_an_accent_is_written_are_different_names()
    {
        string[] names = ["a", "A", "a ", "\u00e9", "e\u0301", "E\u0301"];
        foreach (var name in names)
            await MustCommitAsync(Change.Give(Some.NoBlock(space: name), Some.Lease("10.0.0.1", space: name)));

        Assert.Equal(names.Order(StringComparer.Ordinal), await Store.ListSpacesAsync(default));
        foreach (var name in names)
            Assert.Equal(name, Assert.Single(await ListAsync(name)).Id.Space);
    }

    [Fact]
    public async Task Names_may_be_long()
    {
        var name = new string('ü', 3_000);
        var lease = Some.Lease("10.0.0.1", new Owner(name, name, name)) with { NetworkNamespace = name, Pod = new PodReference(name, name, name) };
        var block = await MustCommitAsync(Change.Give(Some.NoBlock(), lease));

        Assert.Equal(block, await ReadAsync(block.Id));
        Assert.Equal([lease], await FindAsync(lease.Owner));
    }

    [Fact]
    public async Task A_full_block_with_the_longest_names_there_are_is_written_and_read()
    {
        var node = new string('n', 253);
        var leases = Enumerable.Range(0, BlockId.Size).Select(offset => Some.Lease(Some.NoBlock("fd00::").Id.AddressAt(offset), new Owner(
            new string('w', 253), Convert.ToHexString(new byte[32]) + offset, "interface-name1")) with
        {
            Node = node,
            Pod = new PodReference(new string('s', 63), new string('p', 253), Guid.NewGuid().ToString()),
            NetworkNamespace = "/var/run/netns/cni-" + Guid.NewGuid(),
        }).ToArray();

        var block = await MustCommitAsync(Change.Give(Some.NoBlock("fd00::") with { Node = node }, leases));

        Assert.Equal(block, await ReadAsync(block.Id));
        Assert.Equal([leases[63]], await FindAsync(leases[63].Owner));
        Assert.Equal([block], await ListAsync(new BlockFilter(Node: node)));
    }

    [Fact]
    public async Task Neighbouring_IPv6_blocks_and_those_that_look_alike_as_text_are_different_blocks()
    {
        string[] addresses = ["::", "::40", "::4000", "0:40::", "40::", "1:2::3:0", "1::2:3:0", "12::3:0", "1::23:0", "fd00:0:0:1::", "fd00:0:1::", "0.0.0.64"];
        foreach (var address in addresses)
            await MustCommitAsync(Change.Give(Some.NoBlock(address), Some.Lease(address)));

        Assert.Equal(addresses.Order(), (await ListAsync()).Select(block => Assert.Single(block.Leases).Address.ToString()).Order());
        foreach (var address in addresses)
            Assert.Equal(address, Assert.Single((await ReadAsync(Some.NoBlock(address).Id))!.Leases).Address.ToString());
    }

    [Fact]
    public async Task Networks_containers_and_interfaces_whose_names_run_together_are_told_apart()
    {
        Owner[] owners =
        [
            new("a/b", "c", "d"), new("a", "b/c", "d"), new("a", "b", "c/d"), new("a:b", "c", "d"), new("a", "b:c", "d"),
            new("a b", "c", "d"), new("a", "b c", "d"), new("", "abc", "d"), new("abc", "", "d"), new("a", "bc", "d"), new("1:a", "c", "d"),
        ];
        var leases = owners.Select((owner, i) => Some.Lease($"10.0.0.{i}", owner)).ToArray();
        await MustCommitAsync(Change.Give(Some.NoBlock(), leases));

        foreach (var lease in leases)
            Assert.Equal([lease], await FindAsync(lease.Owner));
    }
}
