using System.Text.RegularExpressions;
using Ipam.Web.Tests.Support;

namespace Ipam.Web.Tests.Pages;

public sealed partial class PageTests(SqliteSite sample) : IClassFixture<SqliteSite>
{
    /// <summary>For each page what must be on it.</summary>
    public static TheoryData<string, string[]> Expected => new()
    {
        { "", ["blue", "large", "10.64.0.0/16", "disabled", "node-a"] },
        { "pool/blue", ["10.1.0.0/24", "The largest free runs", "10.1.0.101", "fd00:1::/64", "printers", "reserved, still held"] },
        { "pool/large?at=10.64.0.0", ["Blocks of 10.64.0.0/18", "held by pod load/pod-0-2 on node node-a", "Nodes of these blocks"] },
        { "free/large", ["10.64.0.3"] },
        { "address/default/10.1.0.10", ["shop/web-10", "node-a", "Who held it"] },
        { "address/default/10.1.0.100", ["cooling", "gone-0", "gone-1", "reconciliation", "the network namespace is &lt;gone&gt;"] },
        { "address/default/10.1.0.205", ["reserved (printers, printers &lt;of&gt; floor 3)"] },
        { "address/default/10.1.0.1", ["gateway of pool blue"] },
        { "address/default/10.1.0.255", ["network or broadcast address of 10.1.0.0/24"] },
        { "address/default/10.1.0.210", ["static lease by printer-3"] },
        { "leases", ["10.1.0.2", "More"] },
        { "leases?q=web-1", ["shop/web-17", "10.1.0.17"] },
        { "leases?q=node-b", ["10.1.0.3"] },
        { "leases?q=10.1.0.17", ["shop/web-17", "Address 10.1.0.17 in space default"] },
        { "leases?q=10.1.0.16/30", ["shop/web-17", "shop/web-16"] },
        { "leases?q=nobody", ["No lease is of"] },
        { "leases?after=default/10.1.0.79", ["older-than-the-reservation"] },
        { "history?q=shop/gone-0", ["10.1.0.100", "Ended: reconciliation"] },
        { "explain?pod=shop/web-10", ["10.1.0.10", "holds 10.1.0.10", "disabled"] },
        { "nodes", ["host-a.example", "node-b", "node-a", "Transitions"] },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task A_page_says_what_the_store_has(string path, string[] expected)
    {
        var page = await sample.Site.ReadAsync(path);
        Assert.All(expected, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Single(Regex.Matches(page, "<h1>"));
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Handler(), page);
    }

    [Theory]
    [InlineData("address/default/" + SampleContent.HarmfulAddress)]
    [InlineData("leases?q=evil")]
    [InlineData("pool/blue")]
    [InlineData("nodes")]
    [InlineData("explain?pod=%3Cb%3Eevil/%3Cimg src=x onerror=alert(1)%3E%22'%26amp;")]
    public async Task Names_that_are_to_do_harm_are_shown_as_they_are(string path)
    {
        var page = await sample.Site.ReadAsync(path);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>evil", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
        Assert.DoesNotContain('\u0007', page);
        Assert.Contains(@"\u202e", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_is_made_when_somebody_asks()
    {
        var page = "";
        await Wait.UntilAsync(async () => (page = await sample.Site.ReadAsync("check")).Contains("findings", StringComparison.Ordinal));
        Assert.Contains("Leaks are not looked for", page, StringComparison.Ordinal);
        Assert.Contains("Drift: 0", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"<[^>]*\son[a-z]+=""")]
    private static partial Regex Handler();
}
