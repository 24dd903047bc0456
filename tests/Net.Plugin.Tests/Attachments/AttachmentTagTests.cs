using System.Text;
using Net.Plugin.Attachments;

namespace Net.Plugin.Tests.Attachments;

public class AttachmentTagTests
{
    [Fact]
    public void The_text_is_two_hashes_and_what_they_stand_for()
    {
        var tag = new AttachmentTag("mynet", "dummy", "eth0");
        Assert.Equal($"{Digits("mynet")}-{Digits("eth0:dummy")}, net: mynet, if: eth0, id: dummy", tag.Text);
        Assert.Equal($"{Digits("mynet")}-{Digits("eth0:dummy")}", tag.Key);
        Assert.Equal(AttachmentTag.PrefixOf("mynet"), tag.NetworkPrefix);
    }

    // Seen from Debian's ptp 1.1.1 for this network and container.
    [Fact]
    public void The_chain_of_the_reference_is_named_as_the_reference_names_it() =>
        Assert.Equal("CNI-65e8a365f74d338727ceb36c", new AttachmentTag("nptpprobe", "c1", "eth0").ChainNames[1]);

    [Fact]
    public void The_key_is_found_again_in_a_comment_and_nowhere_else()
    {
        var tag = new AttachmentTag("mynet", "dummy", "eth0");
        Assert.Equal(tag.Key, AttachmentTag.KeyIn(tag.Text));
        Assert.Equal(tag.Key, AttachmentTag.KeyIn(tag.Key));
        Assert.Null(AttachmentTag.KeyIn(null));
        Assert.Null(AttachmentTag.KeyIn(""));
        Assert.Null(AttachmentTag.KeyIn("a comment by somebody else, longer than a key is"));
        Assert.Null(AttachmentTag.KeyIn(tag.Key[..^1]));
        Assert.Null(AttachmentTag.KeyIn(tag.Key + "0"));
    }

    [Fact]
    public void An_alias_tells_all_that_the_rules_need()
    {
        var tag = new AttachmentTag("mynet", new string('x', 300), "eth0");
        var read = AttachmentTag.Read(tag.Text, tag.NetworkPrefix)!;
        Assert.Equal((tag.Key, tag.Text, tag.NetworkPrefix, tag.ChainName, tag.HostLinkName), (read.Key, read.Text, read.NetworkPrefix, read.ChainName, read.HostLinkName));
        Assert.Equal([tag.ChainName], read.ChainNames);
        Assert.Null(AttachmentTag.Read(tag.Text, AttachmentTag.PrefixOf("othernet")));
        Assert.Equal(tag.Key + ", and a", AttachmentTag.Read(tag.Key + ", \"and\n a", tag.NetworkPrefix)!.Text);
    }

    [Fact]
    public void Different_attachments_have_different_keys_and_names()
    {
        AttachmentTag[] tags = [new("a", "b", "c"), new("a", "b", "d"), new("a", "x", "c"), new("y", "b", "c"), new("ab", "b", "c")];
        Assert.Equal(tags.Length, tags.Select(tag => tag.Key).Distinct().Count());
        Assert.Equal(tags.Length, tags.Select(tag => tag.HostLinkName).Distinct().Count());
        Assert.Equal(tags.Length, tags.Select(tag => tag.ChainName).Distinct().Count());
        Assert.All(tags, tag => Assert.Matches("^veth[0-9a-f]{8}\\z", tag.HostLinkName));
        Assert.All(tags, tag => Assert.Matches("^CNI-[0-9a-f]{24}\\z", tag.ChainName));
    }

    [Fact]
    public void A_long_text_is_cut_where_nft_would_refuse_it_and_never_inside_a_character()
    {
        var tag = new AttachmentTag("net", new string('x', 300), "eth0");
        Assert.Equal(128, tag.Text.Length);
        for (var i = 0; i < 4; i++)
        {
            var bytes = Encoding.UTF8.GetByteCount(new AttachmentTag(new string('n', 75 + i), "c", "𝄞𝄞𝄞").Text);
            Assert.InRange(bytes, 125, 128);
            Assert.DoesNotContain('\ufffd', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(new AttachmentTag(new string('n', 75 + i), "c", "𝄞𝄞𝄞").Text)));
        }
    }

    [Fact]
    public void What_would_end_a_comment_early_is_left_out() =>
        Assert.EndsWith(", net: n, if: eth0, id: c", new AttachmentTag("n", "c", "e\"t\\h0").Text, StringComparison.Ordinal);

    private static string Digits(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
