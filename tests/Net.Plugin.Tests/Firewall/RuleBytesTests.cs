using Net.Plugin.Firewall.Nftables;
using Net.Plugin.Netlink;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Firewall;

/// <summary>Against the bytes that nft 1.0.6 sends for the same rules.</summary>
public class RuleBytesTests
{
    private const string Names = """
        1b00 0100 636e695f706c7567696e735f6d61737175657261646500 00
        1000 0200 6d6173715f636865636b7300
        """;

    private const string MatchSource = """
        2400 0180 0900 0100 6d65746100 000000 1400 0280 0800 0200 0000000f 0800 0100 00000001
        2c00 0180 0800 0100 636d7000 2000 0280 0800 0100 00000001 0800 0200 00000000 0c00 0380 0500 0100 02 000000
        3400 0180 0c00 0100 7061796c6f616400 2400 0280 0800 0100 00000001 0800 0200 00000001 0800 0300 0000000c 0800 0400 00000004
        2c00 0180 0800 0100 636d7000 2000 0280 0800 0100 00000001 0800 0200 00000000 0c00 0380 0800 0100 0a010202
        """;

    private const string Masquerade = "1400 0180 0900 0100 6d61737100 000000 0400 0280";
    private const string Comment = "0a00 0700 00 04 61626300 0000";

    [Fact]
    public void A_prefix_of_whole_bytes_is_compared_as_those_bytes()
    {
        var request = MasqueradeTable.Add(new MasqueradeRule(IpPrefix.Parse("10.1.2.2/24")), "abc");
        Assert.Equal(NftMessageType.NewRule, request.Type);
        Assert.Equal(0xa06, request.Type);
        Assert.Equal(MessageFlags.Create | MessageFlags.Append, request.Flags);
        Assert.Equal(
            Bytes.Grouped($"""
                01 00 0000 {Names} 2801 0480 {MatchSource}
                3400 0180 0c00 0100 7061796c6f616400 2400 0280 0800 0100 00000001 0800 0200 00000001 0800 0300 00000010 0800 0400 00000003
                2c00 0180 0800 0100 636d7000 2000 0280 0800 0100 00000001 0800 0200 00000001 0c00 0380 0700 0100 0a0102 00
                {Masquerade} {Comment}
                """),
            Bytes.BodyOf(request));
    }

    [Fact]
    public void Any_other_prefix_is_masked_first() =>
        Assert.Equal(
            Bytes.Grouped($"""
                01 00 0000 {Names} 6c01 0480 {MatchSource}
                3400 0180 0c00 0100 7061796c6f616400 2400 0280 0800 0100 00000001 0800 0200 00000001 0800 0300 00000010 0800 0400 00000004
                4400 0180 0c00 0100 6269747769736500 3400 0280 0800 0100 00000001 0800 0200 00000001 0800 0300 00000004
                  0c00 0480 0800 0100 ffff8000 0c00 0580 0800 0100 00000000
                2c00 0180 0800 0100 636d7000 2000 0280 0800 0100 00000001 0800 0200 00000001 0c00 0380 0800 0100 0a010000
                {Masquerade} {Comment}
                """),
            Bytes.BodyOf(MasqueradeTable.Add(new MasqueradeRule(IpPrefix.Parse("10.1.2.2/17")), "abc")));

    [Fact]
    public void The_base_chain_ends_by_going_to_the_checks() =>
        Assert.Equal(
            Bytes.Grouped("""
                01 00 0000 1b00 0100 636e695f706c7567696e735f6d61737175657261646500 00 1000 0200 706f7374726f7574696e6700
                4400 0480 4000 0180 0e00 0100 696d6d65646961746500 0000 2c00 0280 0800 0100 00000000
                  2000 0280 1c00 0280 0800 0100 fffffffc 1000 0200 6d6173715f636865636b7300
                """),
            Bytes.BodyOf(MasqueradeTable.Create().Last()));

    [Fact]
    public void A_batch_is_framed_by_messages_for_nf_tables_that_want_no_answer()
    {
        var batch = BatchFrame.Around([MasqueradeTable.ListRules()]);
        Assert.Equal([0x10, 0xa07, 0x11], batch.Select(request => (int)request.Type));
        Assert.Equal([false, true, false], batch.Select(request => request.WantsAnswer));
        Assert.Equal("0000000a", Bytes.BodyOf(batch[0]));
    }

    [Fact]
    public void A_rule_is_deleted_by_its_handle_and_a_chain_emptied_without()
    {
        Assert.Equal(
            Bytes.Grouped("01 00 0000 0600 0100 7400 0000 0600 0200 6300 0000 0c00 0300 0000000000000102"),
            Bytes.BodyOf(new RuleRemoval(NftFamily.Inet, "t", "c", 258)));
        Assert.Equal(
            Bytes.Grouped("01 00 0000 0600 0100 7400 0000 0600 0200 6300 0000"),
            Bytes.BodyOf(new RuleRemoval(NftFamily.Inet, "t", "c")));
    }

    [Fact]
    public void A_base_chain_says_its_hook_and_priority()
    {
        Assert.Equal(
            Bytes.Grouped("""
                01 00 0000 0600 0100 7400 0000 0600 0300 6300 0000
                1400 0480 0800 0100 00000004 0800 0200 00000064
                0800 0700 6e617400
                """),
            Bytes.BodyOf(new ChainCreation(NftFamily.Inet, "t", "c", ChainHook.SourceNat)));
    }

    [Theory]
    [InlineData("0004 61626300", "abc")]
    [InlineData("0102 ffff 0004 61626300", "abc")]
    [InlineData("0003 616263", "abc")]
    [InlineData("0102 ffff", null)]
    [InlineData("0009 616263", null)]
    [InlineData("00", null)]
    [InlineData("", null)]
    public void A_comment_is_read_from_user_data_of_any_shape(string hex, string? comment) =>
        Assert.Equal(comment, RuleComment.Read(Bytes.Of(hex)));

    [Fact]
    public void The_text_of_a_rule_says_what_is_compared_and_what_happens() =>
        Assert.Equal(
            "meta 15; cmp 0 02; payload 1 12 4; cmp 0 0a010202; payload 1 16 4; bitwise ffff8000; cmp 1 0a010000; masq",
            RuleText.Of(new MasqueradeRule(IpPrefix.Parse("10.1.2.2/17"))));
}
