using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Configuration.Reading;
using Ipam.Configuration.Tests.Support;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Configuration.Tests.Ranges;

/// <summary>Pools that a pod chose in place of the configuration's.</summary>
public sealed class PoolChoiceTests
{
    private const string Spare = """ "pools": ["spare"], "podAnnotations": true """;

    private static readonly PoolCatalog Catalog = new(
        1, [Pool("blue", "10.1.0.0/24"), Pool("off", "10.2.0.0/24") with { IsDisabled = true }, Pool("red", "10.3.0.0/24") with { Space = "vrf" }, Pool("spare", "10.9.0.0/24")], []);

    [Fact]
    public void They_stand_in_place_of_the_configurations_pools_behind_its_ranges()
    {
        var sets = Resolve(""" "subnet": "10.8.0.0/24", """ + Spare, "off", "blue");

        Assert.Equal(["10.8.0.0/24", "off 10.2.0.0/24, blue 10.1.0.0/24"], sets.Sets.Select(static set => string.Join(", ", set.Select(Text))));
        Assert.Equal(["pool off is disabled"], sets.Obstacles);
        Assert.True(sets.Sets[1][0].Requestable.IsEmpty);
        Assert.Null(sets.Choosable);
    }

    [Fact]
    public void Of_one_of_whom_nothing_is_known_any_pool_of_the_space_may_have_been_chosen()
    {
        Assert.Equal(["blue 10.1.0.0/24", "off 10.2.0.0/24", "spare 10.9.0.0/24"], Resolve(Spare).Choosable!.Select(Text));
        Assert.Equal(["red 10.3.0.0/24"], Resolve(""" "pools": ["red"], "podAnnotations": true """).Choosable!.Select(Text));
        Assert.Null(Resolve(""" "pools": ["spare"] """).Choosable);
    }

    [Theory]
    [InlineData(Spare, "there is no pool \"bleu\"", "blue", "bleu")]
    [InlineData(Spare, "pool \"red\" is of space \"vrf\", but the network is of space \"default\"", "red")]
    [InlineData(""" "pools": ["red"], "podAnnotations": true """, "pool \"blue\" is of space \"default\", but the network is of space \"vrf\"", "blue")]
    [InlineData(""" "pools": ["gone", "spare"], "podAnnotations": true """, "pool \"red\" is of space \"vrf\", but the network is of space \"default\"", "red")]
    [InlineData(""" "pools": ["gone"], "space": "default", "podAnnotations": true """, "pool \"red\" is of space \"vrf\", but the network is of space \"default\"", "red")]
    public void A_choice_that_cant_be_met_is_refused_as_such(string ipam, string why, params string[] pools)
    {
        var refusal = Assert.Throws<CniException>(() => Resolve(ipam, pools));

        Assert.Equal((101, $"annotation ipamsuite.dev/pools of pod shop/web-0: {why}"), (refusal.Error.Code, refusal.Error.Message));
    }

    [Fact]
    public void A_pool_of_the_configuration_that_is_gone_matters_only_to_who_chooses_none()
    {
        const string ipam = """ "pools": ["gone"], "space": "default", "podAnnotations": true """;
        Assert.Equal("blue 10.1.0.0/24", Text(Resolve(ipam, "blue").Sets[0][0]));
        Assert.Equal(7, Assert.Throws<CniException>(() => Resolve(ipam)).Error.Code);
        // Without it nobody knows of which space the network is.
        Assert.Equal(7, Assert.Throws<CniException>(() => Resolve(""" "pools": ["gone"], "podAnnotations": true """, "blue")).Error.Code);
    }

    private static string Text(AllocationRange range) => range.Pool is { } pool ? $"{pool} {range.Subnet}" : $"{range.Subnet}";

    private static RangeSets Resolve(string ipam, params string[] pools) => new RangeSetResolver(BlockAffinity.None).Resolve(
        new PluginConfiguration(ParsedNetwork.Of(ipam)), Catalog, new PoolAsker("node", new Dictionary<string, string>()),
        pools.Length > 0 ? PoolChoice.Read(string.Join(',', pools), "pod shop/web-0") : null);

    private static Pool Pool(string name, string subnet) => new() { Name = name, Ranges = [new PoolRange { Subnet = Prefix.Parse(subnet) }] };
}
