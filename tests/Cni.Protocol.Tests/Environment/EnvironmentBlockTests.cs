using System.Text;

namespace Cni.Protocol.Tests;

public class EnvironmentBlockTests
{
    private static readonly EnvironmentBlock Block = Of("A=1\0B=\0AB=x=y\0A=2\0");

    [Theory]
    [InlineData("A", "1")]
    [InlineData("B", "")]
    [InlineData("AB", "x=y")]
    [InlineData("C", "")]
    public void A_variable_has_its_first_value(string name, string value) => Assert.Equal(value, Block.Get(name));

    [Theory]
    [InlineData("A", "3", "B=\0AB=x=y\0A=3\0")]
    [InlineData("C", "3", "A=1\0B=\0AB=x=y\0A=2\0C=3\0")]
    [InlineData("\u00e4", "3", "A=1\0B=\0AB=x=y\0A=2\0\u00e4=3\0")]
    [InlineData("A", "1", "B=\0AB=x=y\0A=1\0")]
    public void A_variable_that_is_set_has_only_that_value(string name, string value, string all) =>
        Assert.Equal(all, Encoding.UTF8.GetString(Block.With(name, value).Bytes));

    [Fact]
    public void Values_are_kept_byte_for_byte()
    {
        byte[] odd = [.. "X="u8, 0xff, 0xc3, 0];
        Assert.Equal([.. odd, .. "A=1\0"u8], new EnvironmentBlock(odd).With("A", "1").Bytes);
    }

    [Fact]
    public void An_entry_without_its_end_gets_one() => Assert.Equal("A=1\0"u8, Of("A=1").Bytes);

    [Fact]
    public void Of_nothing_a_variable_can_be_set() => Assert.Equal("A=1\0"u8, Of("").With("A", "1").Bytes);

    private static EnvironmentBlock Of(string entries) => new(Encoding.UTF8.GetBytes(entries));
}
