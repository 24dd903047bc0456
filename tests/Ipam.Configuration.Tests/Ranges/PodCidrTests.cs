using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Addresses;

namespace Ipam.Configuration.Tests.Ranges;

/// <summary>The subnets of a node's pods as ranges. Each row reads: with this in <c>ipam</c>, on a node with these podCIDRs, these addresses.</summary>
public sealed class PodCidrTests
{
    private const string Use = "\"subnet\": \"usePodCidr\"";

    [Theory]
    [InlineData(Use, "10.244.3.0/29", "10.244.3.2-10.244.3.6 of 10.244.3.0/29 via 10.244.3.1")]
    [InlineData(Use, "10.244.3.0/29 fd00:3::/126", "10.244.3.2-10.244.3.6 of 10.244.3.0/29 via 10.244.3.1 | fd00:3::2-fd00:3::3 of fd00:3::/126 via fd00:3::1")]
    [InlineData(Use + """, "gateway": "none", "exclude": ["10.244.3.2/31", "fd00:3::2"] """, "10.244.3.0/29 fd00:3::/126", "10.244.3.1,10.244.3.4-10.244.3.6 of 10.244.3.0/29 | fd00:3::1,fd00:3::3 of fd00:3::/126")]
    [InlineData(Use + """, "ranges": [[{ "subnet": "10.9.0.0/30" }]] """, "10.244.3.0/30", "10.244.3.2 of 10.244.3.0/30 via 10.244.3.1 | 10.9.0.2 of 10.9.0.0/30 via 10.9.0.1")]
    [InlineData(Use + """, "ranges": [[{ "subnet": "10.244.3.0/29", "gateway": "10.244.3.5" }]] """, "10.244.3.0/29", "10.244.3.2-10.244.3.4,10.244.3.6 of 10.244.3.0/29 via 10.244.3.1 | 10.244.3.2-10.244.3.4,10.244.3.6 of 10.244.3.0/29 via 10.244.3.5")]
    public void They_are_a_range_set_each(string ipam, string podCidrs, string expected)
    {
        var plugin = Plugin(ipam);
        Assert.True(plugin.Ipam.WantsPodCidr);

        var filled = PodCidr.Fill(plugin, "n1", () => Of(podCidrs));

        Assert.False(filled.Ipam.WantsPodCidr);
        Assert.Equal(expected, RangeSentence.Of(filled.Ipam.RangeSets));
    }

    [Fact]
    public void They_are_filled_in_once_until_they_change()
    {
        var (plugin, first, second) = (Plugin(Use), Of("10.244.3.0/24"), Of("10.244.4.0/24"));

        var filled = PodCidr.Fill(plugin, "n1", () => first);

        Assert.Same(filled, PodCidr.Fill(plugin, "n1", () => first));
        Assert.NotSame(filled, PodCidr.Fill(plugin, "n1", () => second));
    }

    [Fact]
    public void Who_wants_none_asks_for_none()
    {
        var plugin = Plugin("\"subnet\": \"10.1.0.0/24\"");

        Assert.Same(plugin, PodCidr.Fill(plugin, "n1", static () => throw new InvalidOperationException("asked")));
    }

    [Fact]
    public void Without_a_cluster_they_are_refused() => Expect.Error(
        7, "ipam: subnet \"usePodCidr\" is the podCIDRs of the Node object, and the store belongs to no Kubernetes cluster; give a subnet such as \"10.1.0.0/16\"",
        () => PodCidr.Fill(Plugin(Use), "n1", static () => null));

    [Fact]
    public void A_node_that_has_none_yet_is_to_be_tried_again() => Expect.Error(
        11, "ipam: subnet \"usePodCidr\" is the podCIDRs of the Node object, and node n1 has none yet", () => PodCidr.Fill(Plugin(Use), "n1", static () => []));

    [Theory]
    [InlineData("\"ranges\": [[{ \"subnet\": \"usePodCidr\" }]]", "range set 0 of ipam.ranges: subnet \"usePodCidr\" stands in ipam itself, where it gives an address of each family that the node has a podCIDR of; move it there")]
    [InlineData("\"subnet\": \"usepodcidr\"", "ipam: subnet \"usepodcidr\" is not in CIDR notation, such as \"10.1.0.0/16\"")]
    public void Elsewhere_the_word_is_refused(string ipam, string message) => Expect.Error(7, message, () => _ = Plugin(ipam).Ipam);

    [Fact]
    public void A_first_address_that_lies_elsewhere_is_refused_once_they_are_known() => Expect.Error(
        7, "ipam: rangeStart 10.1.0.5 is not in subnet 10.244.3.0/24, which goes from 10.244.3.0 to 10.244.3.255",
        () => _ = PodCidr.Fill(Plugin(Use + ", \"rangeStart\": \"10.1.0.5\""), "n1", static () => Of("10.244.3.0/24")).Ipam);

    private static PluginConfiguration Plugin(string ipam) => new(ParsedNetwork.Of(ipam));

    private static IReadOnlyList<Prefix> Of(string podCidrs) => [.. podCidrs.Split(' ').Select(Prefix.Parse)];
}
