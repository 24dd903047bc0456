using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;
using Ipam.Stores.Pools;

namespace Ipam.Stores.Tests.Pools;

/// <summary>Pools as people write them.</summary>
public sealed class PoolJsonTests
{
    private const string Full = """
        {"space":"red","ranges":[{"subnet":"10.1.0.0/16","rangeStart":"10.1.1.0","rangeEnd":"10.1.2.0","gateway":"10.1.0.1","exclude":["10.1.1.7","10.1.1.9-10.1.1.12"]},{"subnet":"fd00::/64"}],"routes":[{"dst":"0.0.0.0/0"},{"dst":"10.0.0.0/8","gw":"10.1.0.2"}],"order":"lowest","affinity":"none","strict":true,"cooldownSeconds":90,"reuseResting":true,"nodeSelector":{"nodes":["n1"],"labels":{"zone":"eu"}},"namespaces":["shop"],"namespaceSelector":{"labels":{"tier":"gold"}},"podSelector":{"labels":{"app":"web","a/b":""}},"networks":["storage"],"quotas":{"shop":100,"*":20},"disabled":true}
        """;

    [Theory]
    [InlineData(Full)]
    [InlineData("""{"space":"default","ranges":[{"subnet":"10.1.0.0/16"}]}""")]
    [InlineData("""{"space":"default","ranges":[{"subnet":"10.1.0.0/16"}],"order":"random","affinity":"node"}""")]
    [InlineData("""{"space":"default","ranges":[{"subnet":"10.1.0.0/16","gateway":"none"}]}""")]
    [InlineData("""{"space":"default","ranges":[{"subnet":"10.1.0.0/16","skipEdges":true,"allowOutside":true}]}""")]
    public void What_is_read_is_written_again(string text) => Assert.Equal(text, Write(Read(text)));

    [Fact]
    public void What_is_left_out_or_null_is_as_it_is_by_default()
    {
        var pool = Read("""{"ranges":[{"subnet":"10.1.0.0/16","gateway":null}],"order":null,"affinity":"","routes":null,"disabled":null,"nodeSelector":null}""");

        Assert.Equal("""{"space":"default","ranges":[{"subnet":"10.1.0.0/16"}]}""", Write(pool));
        Assert.Null(pool.Policy.Affinity);
    }

    [Fact]
    public void A_gateway_at_the_top_is_that_of_the_ranges_without_one_whose_subnet_it_is_in()
    {
        var pool = Read("""{"gateway":"10.1.0.254","ranges":[{"subnet":"10.1.0.0/24"},{"subnet":"10.1.0.0/25","gateway":"10.1.0.1"},{"subnet":"10.2.0.0/24"}]}""");

        Assert.Equal(new Address?[] { Address.Parse("10.1.0.254"), Address.Parse("10.1.0.1"), null }, pool.Ranges.Select(range => range.Gateway));
    }

    [Fact]
    public void No_gateway_at_the_top_is_for_the_ranges_that_name_none()
    {
        var pool = Read("""{"gateway":"none","ranges":[{"subnet":"10.1.0.0/24"},{"subnet":"10.2.0.0/24","gateway":"10.2.0.9"}]}""");

        Assert.Equal(new Address?[] { null, Address.Parse("10.2.0.9") }, pool.Ranges.Select(range => range.GatewayOrDefault));
    }

    [Theory]
    [InlineData("{\"gateway\":\"no\"}", "pool: gateway \"no\" is neither an IP address such as 10.1.0.1 or fd00::1 nor \"none\"")]
    [InlineData("[]", "pool: wanted is an object, {...}, found []")]
    [InlineData("{\"rages\":[]}", "pool: unknown key \"rages\"; did you mean \"ranges\"? Known keys: space, ranges,")]
    [InlineData("{\"cooldownSecond\":1}", "did you mean \"cooldownSeconds\"?")]
    [InlineData("{\"space\":\"a\",\"space\":\"b\"}", "key \"space\" is given twice")]
    [InlineData("{\"ranges\":{}}", "ranges is {}, wanted is a list, [...]")]
    [InlineData("{\"ranges\":[1]}", "pool: range 0: wanted is an object, {...}, found 1")]
    [InlineData("{\"ranges\":[{}]}", "pool: range 0: \"subnet\" is missing; give a subnet such as \"10.1.0.0/16\"")]
    [InlineData("{\"ranges\":[{\"subnet\":\"10.1.0.0\"}]}", "subnet \"10.1.0.0\" is not in CIDR notation")]
    [InlineData("{\"ranges\":[{\"subnet\":\"10.1.0.0/16\",\"rangestart\":\"\"}]}", "did you mean \"rangeStart\"?")]
    [InlineData("{\"ranges\":[{\"subnet\":\"10.1.0.0/16\",\"rangeStart\":\"10.1\"}]}", "rangeStart \"10.1\" is not an IP address")]
    [InlineData("{\"ranges\":[{\"subnet\":\"10.1.0.0/16\",\"exclude\":[\"10.1.0.9-10.1.0.5\"]}]}", "exclude \"10.1.0.9-10.1.0.5\" is none of: an address, a prefix")]
    [InlineData("{\"order\":\"Next\"}", "order \"Next\" is none of \"next\", \"lowest\", \"random\"")]
    [InlineData("{\"affinity\":\"nodes\"}", "affinity \"nodes\" is none of \"node\", \"none\"")]
    [InlineData("{\"strict\":\"yes\"}", "strict is \"yes\", wanted is true or false")]
    [InlineData("{\"cooldownSeconds\":1.5}", "cooldownSeconds is 1.5, wanted is a whole number from 0 to 2592000")]
    [InlineData("{\"cooldownSeconds\":99999999999}", "cooldownSeconds is 99999999999, wanted is a whole number")]
    [InlineData("{\"namespaces\":[1]}", "namespaces is 1, wanted is a text")]
    [InlineData("{\"podSelector\":{\"matchLabels\":{}}}", "pool: podSelector: unknown key \"matchLabels\"; did you mean \"labels\"?")]
    [InlineData("{\"namespaceSelector\":[]}", "pool: namespaceSelector: wanted is an object, {...}, found []")]
    [InlineData("{\"networks\":\"pods\"}", "networks is \"pods\", wanted is a list, [...]")]
    [InlineData("{\"quotas\":[1]}", "quotas is [1], wanted is an object, {...}")]
    [InlineData("{\"quotas\":{\"shop\":1.5}}", "quotas.shop is 1.5, wanted is a whole number")]
    [InlineData("{\"quotas\":{\"shop\":\"many\"}}", "quotas.shop is \"many\", wanted is a whole number")]
    [InlineData("{\"nodeSelector\":{\"label\":{}}}", "did you mean \"labels\"?")]
    [InlineData("{\"nodeSelector\":{\"labels\":[]}}", "labels is [], wanted is an object")]
    [InlineData("{\"nodeSelector\":{\"labels\":{\"zone\":true}}}", "labels.zone is true, wanted is a text")]
    [InlineData("{\"routes\":[{\"gw\":\"10.0.0.1\"}]}", "pool: route 0: \"dst\" is missing; give a destination")]
    public void Anything_else_is_refused_with_what_was_found_and_what_is_wanted(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_reservation_is_read_and_written()
    {
        const string text = """{"space":"red","addresses":["10.1.0.5","10.1.0.8-10.1.0.9"],"reason":"printers","onRequest":true}""";
        using var json = JsonDocument.Parse(text);

        var reservation = ReservationJson.Read("a", json.RootElement);

        Assert.Equal("a", reservation.Name);
        Assert.Equal(text, JsonText.Of(writer => ReservationJson.Write(writer, reservation)));
    }

    [Theory]
    [InlineData("{\"address\":[]}", "reservation: unknown key \"address\"; did you mean \"addresses\"?")]
    [InlineData("{\"addresses\":[\"10.1.0.0/33\"]}", "addresses \"10.1.0.0/33\" is none of: an address, a prefix")]
    public void A_bad_reservation_is_refused(string text, string message)
    {
        using var json = JsonDocument.Parse(text);
        Assert.Contains(message, Assert.Throws<FormatException>(() => ReservationJson.Read("a", json.RootElement)).Message, StringComparison.Ordinal);
    }

    private static Pool Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return PoolJson.Read("blue", json.RootElement);
    }

    private static string Write(Pool pool) => JsonText.Of(writer => PoolJson.Write(writer, pool));
}
