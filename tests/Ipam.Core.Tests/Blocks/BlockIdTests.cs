using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Blocks;

public class BlockIdTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0/26", 0)]
    [InlineData("10.0.0.63", "10.0.0.0/26", 63)]
    [InlineData("10.0.0.64", "10.0.0.64/26", 0)]
    [InlineData("255.255.255.255", "255.255.255.192/26", 63)]
    [InlineData("::", "::/122", 0)]
    [InlineData("fd00::7f", "fd00::40/122", 63)]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0/122", 63)]
    public void A_block_follows_from_any_address_inside(string text, string prefix, int offset)
    {
        var address = Address.Parse(text);
        var id = BlockId.Of("default", address);
        Assert.Equal(prefix, id.Prefix.ToString());
        Assert.Equal(offset, BlockId.OffsetOf(address));
        Assert.Equal(address, id.AddressAt(offset));
        Assert.Equal($"default {prefix}", id.ToString());
    }

    [Fact]
    public void Blocks_of_different_spaces_or_families_differ()
    {
        var id = BlockId.Of("red", Address.Parse("0.0.0.1"));
        Assert.NotEqual(id, BlockId.Of("blue", Address.Parse("0.0.0.1")));
        Assert.NotEqual(id, BlockId.Of("red", Address.Parse("::1")));
        Assert.Equal(id, BlockId.Of("red", Address.Parse("0.0.0.2")));
    }
}
