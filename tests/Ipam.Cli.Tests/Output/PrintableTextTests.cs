using Ipam.Cli.Terminal;

namespace Ipam.Cli.Tests.Output;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("grün 東京 🙂", "grün 東京 🙂")]
    [InlineData("a\0b", @"a\u0000b")]
    [InlineData("\r\n", @"\u000d\u000a")]
    [InlineData("\x7f\x9b", @"\u007f\u009b")]
    [InlineData(@"\u0000", @"\\u0000")]
    [InlineData("\u2028\u2029\u200b\u202e", @"\u2028\u2029\u200b\u202e")]
    [InlineData("\U000E0001tag", @"\udb40\udc01tag")]
    [InlineData("\ufffd", @"\ufffd")]
    public void What_a_terminal_would_obey_is_escaped(string text, string expected) => Assert.Equal(expected, PrintableText.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_escaped() => Assert.Equal(@"a\ud83dz", PrintableText.Of("a\ud83dz"));

    [Fact]
    public void An_empty_cell_has_a_dash() => Assert.Equal("-", PrintableText.Cell(""));
}
