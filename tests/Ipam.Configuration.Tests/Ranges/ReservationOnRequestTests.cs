using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Tests.Ranges;

/// <summary>
/// Which addresses there are beside reservations that may be asked for: 10.1.0.4-10.1.0.5, 10.1.0.1 and fd00::4 are "a", 10.1.0.5-10.1.0.6 are "b", and 10.1.0.5 is
/// reserved by "never" as well.
/// </summary>
public sealed class ReservationOnRequestTests
{
    private const string Slash29 = """ "subnet": "10.1.0.0/29" """;

    private static readonly Pool Pool = new()
    {
        Name = "blue",
        Ranges = [new PoolRange { Subnet = Prefix.Parse("10.1.0.0/29") }, new PoolRange { Subnet = Prefix.Parse("fd00::/125") }],
        Policy = new AllocationPolicy { IsStrict = true, Affinity = BlockAffinity.Node },
    };

    private static readonly PoolCatalog Catalog = new(
        1, [Pool, Pool with { Name = "shut", IsDisabled = true }],
        [
            Reservation("a", onRequest: true, "10.1.0.4-10.1.0.5", "10.1.0.1", "fd00::4"), Reservation("b", onRequest: true, "10.1.0.5-10.1.0.6"),
            Reservation("elsewhere", onRequest: true, "10.9.0.0/16"), Reservation("never", onRequest: false, "10.1.0.5"),
        ]);

    [Theory]
    [InlineData(Slash29)]
    [InlineData(""" "pools": ["blue"] """)]
    public void They_are_handed_out_to_who_asks_for_them_and_to_nobody_else(string ipam)
    {
        var range = Resolve(ipam).Sets[0][0];

        Assert.Equal(["10.1.0.2", "10.1.0.3"], In(range.Allocatable));
        Assert.Equal(["10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.6"], In(range.Requestable));
        Assert.Equal(["10.1.0.2"], In(range.Without([new AddressRange(Address.Parse("10.1.0.3"), Address.Parse("10.1.0.3"))]).Allocatable));
    }

    [Theory]
    [InlineData(Slash29, "a", "10.1.0.4")]
    [InlineData(Slash29, "b", "10.1.0.6")]
    [InlineData(""" "subnet": "10.1.0.0/29", "rangeEnd": "10.1.0.3", "allowOutside": true """, "b", "10.1.0.6")]
    [InlineData(""" "pools": ["blue"] """, "a", "10.1.0.4 | fd00::4")]
    [InlineData(""" "pools": ["blue"] """, "b", "10.1.0.6 | fd00::2 fd00::3 fd00::5 fd00::6 fd00::7")]
    [InlineData(""" "pools": ["shut", "blue"] """, "a", "10.1.0.4 | fd00::4")]
    [InlineData(""" "ranges": [[{ "subnet": "10.2.0.0/30" }, { "subnet": "10.1.0.0/29" }]] """, "a", "10.1.0.4")]
    public void Who_asks_for_one_by_name_gets_an_address_of_it_where_a_set_has_one(string ipam, string name, string expected) =>
        Assert.Equal(expected, string.Join(" | ", Resolve(ipam).For(name).Sets.Select(static set => string.Join(" ", In(Assert.Single(set).Allocatable)))));

    [Fact]
    public void Strict_keeps_no_node_from_it() =>
        Assert.Equal((true, false), (Resolve(""" "pools": ["blue"] """).Sets[0][0].Policy.IsStrict, Resolve(""" "pools": ["blue"] """).For("a").Sets[0][0].Policy.IsStrict));

    [Theory]
    [InlineData(Slash29, "c", "requested reservation \"c\" isn't there in space \"default\"")]
    [InlineData(Slash29, "never", "requested reservation \"never\" is for nobody")]
    [InlineData(Slash29, "elsewhere", "requested reservation \"elsewhere\" has no address in the configured ranges")]
    [InlineData(""" "pools": ["shut"] """, "a", "requested reservation \"a\" has no address in the configured ranges")]
    [InlineData(""" "subnet": "10.1.0.0/29", "rangeEnd": "10.1.0.3" """, "b", "requested reservation \"b\" has no address in the configured ranges")]
    [InlineData(""" "subnet": "10.1.0.0/29", "space": "red" """, "a", "requested reservation \"a\" isn't there in space \"red\"")]
    public void One_that_cant_be_had_is_refused(string ipam, string name, string message) => Expect.Error(101, message, () => Resolve(ipam).For(name));

    [Fact]
    public void The_configuration_may_name_one_and_CNI_ARGS_count_more()
    {
        var configuration = IpamConfigurationReader.Read(ParsedNetwork.Of(""" "subnet": "10.1.0.0/29", "reservation": "a" """));

        Assert.Equal("a", RequestedAddresses.Reservation(configuration, RequestedAddresses.ParseArgs("")));
        Assert.Equal("b", RequestedAddresses.Reservation(configuration, RequestedAddresses.ParseArgs("IPAM_RESERVATION=b")));
    }

    private static RangeSets Resolve(string ipam) =>
        new RangeSetResolver(BlockAffinity.None).Resolve(new PluginConfiguration(ParsedNetwork.Of(ipam)), Catalog, new PoolAsker("node", new Dictionary<string, string>()));

    private static Reservation Reservation(string name, bool onRequest, params string[] addresses) => new()
    {
        Name = name,
        OnRequest = onRequest,
        Addresses = [.. addresses.Select(static text => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text))],
    };

    private static IEnumerable<string> In(IntervalSet set) =>
        Enumerable.Range(0, 8).Select(i => (set.Family == IpFamily.V4 ? Prefix.Parse("10.1.0.0/29") : Prefix.Parse("fd00::/125")).First is var first ? first with { Value = first.Value + (uint)i } : default)
            .Where(set.Contains).Select(static address => address.ToString());
}
