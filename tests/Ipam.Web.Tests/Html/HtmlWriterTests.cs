using System.Buffers;
using System.Text;
using Ipam.Web.Html;

namespace Ipam.Web.Tests.Html;

public sealed class HtmlWriterTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a & b \"c\" 'd'", "a &amp; b &quot;c&quot; &#39;d&#39;")]
    [InlineData("a\u202Eb\u2066c\u200F", @"a\u202eb\u2066c\u200f")]
    [InlineData("a\0b\u0007c\r\n\u2028", @"a\u0000b\u0007c\u000d\u000a\u2028")]
    [InlineData("שלום 10.1.0.1 😀", "שלום 10.1.0.1 😀")]
    public void A_text_is_nothing_but_text_in_content_and_in_attributes(string text, string expected)
    {
        Assert.Equal($"<p title=\"{expected}\">{expected}</p>", Written(html => html.Element("p", text, ("title", text))));
    }

    [Fact]
    public void Half_a_character_is_shown_as_what_it_is() => Assert.Equal(@"<p>\ud800</p>", Written(static html => html.Element("p", "\uD800")));

    [Theory]
    [InlineData("href")]
    [InlineData("src")]
    [InlineData("action")]
    [InlineData("formaction")]
    [InlineData("srcdoc")]
    [InlineData("style")]
    [InlineData("onclick")]
    public void No_text_becomes_a_place_a_style_or_a_handler(string name) => Assert.Throws<ArgumentException>(() => (HtmlAttribute)(name, "javascript:alert(1)"));

    [Theory]
    [InlineData("p onload")]
    [InlineData("p>")]
    [InlineData("P")]
    [InlineData("")]
    public void No_text_becomes_the_name_of_an_element_or_an_attribute(string name)
    {
        Assert.Throws<ArgumentException>(() => Written(html => html.Begin(name)));
        Assert.Throws<ArgumentException>(() => Written(html => html.Begin("p", (name, "x"))));
    }

    [Theory]
    [InlineData("a/b?c#d", "/ipam/pool/a%2Fb%3Fc%23d")]
    [InlineData("javascript:alert(1)", "/ipam/pool/javascript%3Aalert%281%29")]
    [InlineData("..", "/ipam/pool/~..")]
    [InlineData("~x", "/ipam/pool/~~x")]
    public void A_link_begins_with_the_path_of_the_site_and_leads_to_one_name(string name, string expected)
    {
        var link = Link.To("/ipam", "pool", name);
        Assert.Equal(expected, link.Text);
        Assert.Equal(name, Link.Unescape(Uri.UnescapeDataString(link.Text.Split('/')[^1])));
    }

    [Fact]
    public void A_query_is_escaped() => Assert.Equal("/leases?q=a%26b%3Dc&after=%22", Link.To("", "leases").With("q", "a&b=c").With("none", null).With("after", "\"").Text);

    private static string Written(Action<HtmlWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new HtmlWriter(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
