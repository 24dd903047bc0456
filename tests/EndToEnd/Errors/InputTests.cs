using EndToEnd.Support;

namespace EndToEnd.Errors;

/// <summary>Bad input is refused with the specification's codes before anything happens.</summary>
public sealed class InputTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly string[] Verbs = ["ADD", "DEL", "CHECK", "STATUS", "GC"];

    private Site Site => service.Site;

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("not json")]
    [InlineData("{} trailing")]
    [InlineData("""{ "cniVersion": 1, "name": "n" }""")]
    [InlineData("""{ "cniVersion": "1.1.0", "name": 5 }""")]
    [InlineData("""{ "cniVersion": "1.1.0", "name": "n", "ipam": "x" }""")]
    [InlineData("""{ "cniVersion": "1.1.0", "name": "n", "ipam": { "socket": 5 } }""")]
    public void What_cannot_be_decoded_is_code_6_for_every_verb(string stdin) =>
        Assert.All(Verbs, verb => CniPlugin.Run(new CniCall(verb) { Stdin = stdin }).EnsureError(6));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "cniVersion": "1.1.0", "name": "" }""")]
    [InlineData("""{ "cniVersion": "1.1.0", "name": "../x" }""")]
    [InlineData("""{ "cniVersion": "1.1.0", "name": "a\n" }""")]
    public void A_network_without_a_valid_name_is_code_7_for_every_verb(string stdin) =>
        Assert.All(Verbs, verb => CniPlugin.Run(new CniCall(verb) { Stdin = stdin }).EnsureError(7));

    [Theory]
    [InlineData("ADD", "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH")]
    [InlineData("CHECK", "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH")]
    [InlineData("DEL", "CNI_CONTAINERID,CNI_IFNAME,CNI_PATH")]
    [InlineData("STATUS", "CNI_PATH")]
    [InlineData("GC", "CNI_PATH")]
    public void Missing_variables_are_listed(string verb, string names)
    {
        foreach (var missing in (string?[])[null, ""])
        {
            var call = new CniCall(verb) { ContainerId = missing, NetNs = missing, IfName = missing, Path = missing, Stdin = "{" };

            Assert.Equal($"required env variables [{names}] missing", CniPlugin.Run(call).EnsureError(4).Message);
        }
    }

    [Theory]
    [InlineData("CNI_CONTAINERID", "-x")]
    [InlineData("CNI_CONTAINERID", "a/b")]
    [InlineData("CNI_CONTAINERID", "a\n")]
    [InlineData("CNI_IFNAME", "sixteen-letters-")]
    [InlineData("CNI_IFNAME", "äääääääääääää")]
    [InlineData("CNI_IFNAME", "..")]
    [InlineData("CNI_IFNAME", "a b")]
    [InlineData("CNI_IFNAME", "a:b")]
    public void A_malformed_variable_is_code_4_and_named_where_the_verb_needs_it(string variable, string value)
    {
        var call = new CniCall("ADD") { Stdin = new NetworkConfig("malformed").Json(Site) };
        call = variable == "CNI_IFNAME" ? call with { IfName = value } : call with { ContainerId = value };

        foreach (var verb in (string[])["ADD", "CHECK", "DEL"])
        {
            var error = CniPlugin.Run(call with { Command = verb }).EnsureError(4);
            Assert.Contains(variable, error.Message + error.Details, StringComparison.Ordinal);
        }
        CniPlugin.Run(call with { Command = "STATUS" }).EnsureSuccess();
    }

    [Fact]
    public void An_unknown_command_is_code_4_and_named()
    {
        var error = CniPlugin.Run(new CniCall("add") { Stdin = new NetworkConfig("lower").Json(Site) }).EnsureError(4);

        Assert.Equal("unknown CNI_COMMAND: add", error.Message);
    }

    [Theory]
    [InlineData("IP")]
    [InlineData("IP=10.1.0.9;")]
    [InlineData("IP=a=b")]
    [InlineData("UNKNOWN=1")]
    [InlineData("ip=10.1.0.9")]
    [InlineData("IP=10.1.0.999")]
    [InlineData("IgnoreUnknown=yes;UNKNOWN=1")]
    public void Malformed_CNI_ARGS_are_refused(string args)
    {
        var network = new NetworkConfig("args");

        Site.Add(network, args: args).EnsureError(4);

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }

    [Fact]
    public void The_plugins_own_network_namespace_is_refused_before_anything_is_taken()
    {
        var network = new NetworkConfig("own-netns");
        var own = $"/proc/{Environment.ProcessId}/ns/net";

        CniPlugin.Run(new CniCall("ADD") { NetNs = own, Stdin = network.Json(Site) }).EnsureError(8);

        Assert.Empty(Ipamctl.Addresses(Site, network));
    }
}
