using System.Net;
using System.Text.Json;
using Ipam.Stores.Tests.Kubernetes.Support;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>The definitions under deploy/kubernetes/crds: what they take, what they refuse with which words, what they explain.</summary>
[NeedsControlPlane]
[Collection(ControlPlaneCollection.Name)]
public sealed class DefinitionTests(ControlPlane plane)
{
    private const string Group = "apis/ipamsuite.dev/v1alpha1";

    public static TheoryData<string> Kinds => ["ippools", "ipblocks", "ipreservations"];

    [Theory]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}]}""")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","rangeStart":"10.1.0.5","rangeEnd":"10.1.0.5","gateway":"10.1.0.1","exclude":["10.1.0.7","10.1.0.9-10.1.0.10","10.1.1.0/24"]}]}""")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","rangeStart":"10.1.0.255","rangeEnd":"10.1.1.0"}]}""")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","gateway":"none"}],"gateway":"none"}""")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","skipEdges":true,"allowOutside":true}]}""")]
    [InlineData("""{"ranges":[{"subnet":"fd00::/64","rangeStart":"fd00::9","rangeEnd":"fd00::a:0","exclude":["fd00::9-fd00::a"]},{"subnet":"10.0.0.0/8"}],"gateway":"fd00::1"}""")]
    [InlineData("""{"ranges":[{"subnet":"::/0","rangeStart":"::","rangeEnd":"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}]}""")]
    [InlineData("""{"ranges":[{"subnet":"0.0.0.0/0","rangeStart":"127.255.255.255","rangeEnd":"128.0.0.0"}]}""")]
    [InlineData("""{"space":"red","ranges":[{"subnet":"10.1.0.0/31"}],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0","gw":"fd00::1"}],"order":"lowest","affinity":"none","strict":true,"nodeSelector":{"nodes":["a"],"labels":{"x/y":"z"}},"namespaces":["shop"],"namespaceSelector":{"labels":{"tier":"gold"}},"podSelector":{"labels":{"app":"web","a/b":""}},"networks":["storage"],"quotas":{"shop":0,"*":1000000},"disabled":true,"cooldownSeconds":60,"reuseResting":true,"sticky":true,"stickySeconds":31622400}""")]
    public async Task A_good_pool_is_taken(string spec)
    {
        var (status, body) = await CreatePoolAsync(spec);

        Assert.True(status == HttpStatusCode.Created, body);
    }

    [Theory]
    [InlineData("""{}""", "spec.ranges: Required value")]
    [InlineData("""{"ranges":[]}""", "spec.ranges in body should have at least 1 items")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0"}]}""", "\"10.1.0.0\" is not in CIDR notation; wanted is ADDRESS/LENGTH such as 10.1.0.0/16 or fd00::/64")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.1/16"}]}""", "\"10.1.0.1/16\" has host bits; wanted is the first address of the network")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","rangeStart":"10.2.0.1"}]}""", "rangeStart 10.2.0.1 is not inside subnet 10.1.0.0/16")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","rangeEnd":"fd00::1"}]}""", "rangeEnd fd00::1 is not inside subnet 10.1.0.0/16")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","gateway":"10.2.0.1"}]}""", "gateway 10.2.0.1 is not inside subnet 10.1.0.0/16")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","gateway":"no"}]}""", "\"no\" is neither an IP address such as 10.1.0.1 or fd00::1 nor \"none\"")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","rangeStart":"10.1.0.300"}]}""", "\"10.1.0.300\" is not an IP address; wanted is one such as 10.1.0.5 or fd00::5")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","rangeStart":"10.1.1.0","rangeEnd":"10.1.0.255"}]}""", "rangeStart 10.1.1.0 comes after rangeEnd 10.1.0.255")]
    [InlineData("""{"ranges":[{"subnet":"fd00::/8","rangeStart":"fd00:0:1::","rangeEnd":"fd00:0:0:ffff::ffff"}]}""", "rangeStart fd00:0:1:: comes after rangeEnd fd00:0:0:ffff::ffff")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","exclude":["10.1.0.9-10.1.0.8"]}]}""", "in \"10.1.0.9-10.1.0.8\" the first address comes after the last")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","exclude":["10.1.0.1-fd00::1"]}]}""", "names no addresses; wanted is an address, FIRST-LAST of one family, or CIDR without host bits")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16","exclude":["fd00::1"]}]}""", "exclude must name addresses of the same family as subnet 10.1.0.0/16")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"gateway":"10.2.0.1"}""", "gateway 10.2.0.1 is inside none of the subnets")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"routes":[{"dst":"::/0","gw":"10.1.0.1"}]}""", "gw 10.1.0.1 is not of the same family as dst ::/0")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"podSelector":{}}""", "spec.podSelector.labels: Required value")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"podSelector":{"matchLabels":{"app":"web"}}}""", "spec.podSelector.labels: Required value")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"namespaceSelector":{"labels":{}}}""", "spec.namespaceSelector.labels in body should have at least 1 properties")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"order":"up"}""", "supported values: \"next\", \"lowest\", \"random\"")]
    [InlineData("""{"ranges":[{"subnet":"10.1.0.0/16"}],"cooldownSeconds":-1}""", "should be greater than or equal to 0")]
    public async Task A_bad_pool_is_refused_with_words_that_help(string spec, string expected)
    {
        var (status, body) = await CreatePoolAsync(spec);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        using var document = JsonDocument.Parse(body);
        Assert.Contains(expected, document.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["10.1.0.5","10.1.0.8-10.1.0.9","fd00::/64"]""", null)]
    [InlineData("""["10.1.0.9-10.1.0.8"]""", "the first address comes after the last")]
    [InlineData("""["10.1.0.1/24"]""", "CIDR without host bits")]
    [InlineData("""[]""", "should have at least 1 items")]
    public async Task A_reservation_is_looked_at_too(string addresses, string? refusal)
    {
        var (status, body) = await plane.Admin.SendAsync(HttpMethod.Post, $"{Group}/ipreservations",
            $$"""{ "apiVersion": "ipamsuite.dev/v1alpha1", "kind": "IPReservation", "metadata": { "name": "r-{{Guid.NewGuid()}}" }, "spec": { "addresses": {{addresses}}, "onRequest": true } }""");

        Assert.Equal(refusal is null ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(refusal ?? "", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/26", null)]
    [InlineData("fd00::40/122", null)]
    [InlineData("10.0.0.0/24", "is not of a block's size; a block is a /26 of IPv4 or a /122 of IPv6")]
    [InlineData("10.0.0.1/26", "has host bits")]
    [InlineData("ten", "is not a prefix; wanted is one such as 10.1.0.64/26 or fd00::40/122")]
    public async Task A_block_is_of_one_size(string prefix, string? refusal)
    {
        var (status, body) = await plane.Admin.SendAsync(HttpMethod.Post, $"{Group}/ipblocks", Block($"b-{Guid.NewGuid()}", "default", prefix));

        Assert.Equal(refusal is null ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(refusal ?? "", body, StringComparison.Ordinal);
        await plane.EmptyAsync();
    }

    [Theory]
    [InlineData("red", "10.0.0.0/26", "the space of a block can't be changed")]
    [InlineData("default", "10.0.0.64/26", "the prefix of a block can't be changed")]
    public async Task A_block_stays_the_block_it_is(string space, string prefix, string refusal)
    {
        await plane.Admin.MustAsync(HttpMethod.Post, $"{Group}/ipblocks", Block("identity", "default", "10.0.0.0/26"));
        var patch = $$"""{ "spec": { "space": "{{space}}", "prefix": "{{prefix}}" } }""";

        var (status, body) = await plane.Admin.SendAsync(HttpMethod.Patch, $"{Group}/ipblocks/identity", patch, "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(refusal, body, StringComparison.Ordinal);
        await plane.EmptyAsync();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_field_is_explained(string kind)
    {
        using var definition = JsonDocument.Parse(await plane.Admin.MustAsync(
            HttpMethod.Get, $"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind}.ipamsuite.dev"));
        var schema = definition.RootElement.GetProperty("spec").GetProperty("versions")[0].GetProperty("schema").GetProperty("openAPIV3Schema");

        var silent = Fields(schema, kind).Where(field => !field.Schema.TryGetProperty("description", out var text) || text.GetString()!.Length < 10).ToList();

        Assert.Empty(silent.Select(field => field.Path));
        Assert.True(Fields(schema, kind).Count() > 6);
    }

    [Theory]
    [InlineData("ippools", "Name Space Ranges Used Free Used% Age Disabled")]
    [InlineData("ipblocks", "Name Space Prefix Node Used Age")]
    [InlineData("ipreservations", "Name Space Addresses Reason Age")]
    public async Task A_table_shows_what_matters(string kind, string columns)
    {
        using var definition = JsonDocument.Parse(await plane.Admin.MustAsync(
            HttpMethod.Get, $"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind}.ipamsuite.dev"));

        var names = definition.RootElement.GetProperty("spec").GetProperty("versions")[0].GetProperty("additionalPrinterColumns").EnumerateArray()
            .Select(column => column.GetProperty("name").GetString());
        Assert.Equal(columns, $"Name {string.Join(' ', names)}");
    }

    private static IEnumerable<(string Path, JsonElement Schema)> Fields(JsonElement schema, string path)
    {
        // What Kubernetes itself describes.
        if (path.EndsWith(".metadata", StringComparison.Ordinal))
            yield break;
        yield return (path, schema);
        if (schema.TryGetProperty("items", out var items))
        {
            foreach (var field in Fields(items, $"{path}[]"))
                yield return field;
        }
        if (schema.TryGetProperty("additionalProperties", out var values))
            yield return ($"{path}.*", values);
        if (!schema.TryGetProperty("properties", out var properties))
            yield break;
        foreach (var field in properties.EnumerateObject().SelectMany(property => Fields(property.Value, $"{path}.{property.Name}")))
            yield return field;
    }

    private async Task<(HttpStatusCode Status, string Body)> CreatePoolAsync(string spec)
    {
        var name = $"p-{Guid.NewGuid()}";
        var answer = await plane.Admin.SendAsync(HttpMethod.Post, $"{Group}/ippools",
            $$"""{ "apiVersion": "ipamsuite.dev/v1alpha1", "kind": "IPPool", "metadata": { "name": "{{name}}" }, "spec": {{spec}} }""");
        if (answer.Status == HttpStatusCode.Created)
            await plane.Admin.MustAsync(HttpMethod.Delete, $"{Group}/ippools/{name}");
        return answer;
    }

    private static string Block(string name, string space, string prefix) => $$"""
        { "apiVersion": "ipamsuite.dev/v1alpha1", "kind": "IPBlock", "metadata": { "name": "{{name}}" }, "spec": { "space": "{{space}}", "prefix": "{{prefix}}" } }
        """;
}
