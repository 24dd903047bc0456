namespace Cni.Protocol.Tests;

public class NetworkConfigurationTests
{
    [Fact]
    public void Everything_a_plugin_may_need_is_at_hand()
    {
        var configuration = Stdin.With(
            """
            "type":"ptp","ipMasq":true,"mtu":1.4e3,"ipam":{"type":"ipam"},"runtimeConfig":{"mac":"02:00:00:00:00:01"},
            "args":{"cni":{"ips":["10.0.0.1"]}},"dns":{"nameservers":["10.0.0.53"],"domain":"d","search":["s"],"options":["o"]}
            """);
        Assert.Equal(("net", "1.1.0", "ptp"), (configuration.Name, configuration.VersionText, configuration.Type));
        Assert.Equal(CniVersion.Newest, configuration.Version);
        Assert.Equal("ipam", configuration.Ipam!.Value.GetText("type"));
        Assert.Equal("02:00:00:00:00:01", configuration.RuntimeConfig!.Value.GetText("MAC"));
        Assert.Equal(["10.0.0.1"], configuration.Args!.Value.GetObject("cni")!.Value.GetTexts("ips"));
        Assert.True(configuration.Root.GetFlag("ipmasq"));
        Assert.Equal(1400, configuration.Root.GetInteger("mtu"));
        Assert.Equal(("10.0.0.53", "d", "s", "o"),
            (configuration.Dns!.Nameservers[0], configuration.Dns.Domain, configuration.Dns.Search[0], configuration.Dns.Options[0]));
    }

    [Fact]
    public void What_is_absent_or_null_is_nothing()
    {
        foreach (var members in (string[])["\"x\":1", "\"ipam\":null,\"runtimeConfig\":null,\"args\":null,\"dns\":null,\"prevResult\":null"])
        {
            var configuration = Stdin.With(members);
            Assert.Null(configuration.Ipam);
            Assert.Null(configuration.RuntimeConfig);
            Assert.Null(configuration.Args);
            Assert.Null(configuration.Dns);
            Assert.Null(configuration.PrevResult);
            Assert.Null(configuration.Root.GetInteger("mtu"));
            Assert.Null(configuration.Root.GetFlag("ipMasq"));
        }
    }

    [Fact]
    public void The_input_is_kept_byte_for_byte_for_a_delegate()
    {
        var bytes = Stdin.Bytes(" {\"name\" : \"n\",\"big\":12345678901234567890}\n");
        Assert.True(NetworkConfiguration.Parse(bytes).Bytes.Span.SequenceEqual(bytes));
    }

    [Theory]
    [InlineData("\"runtimeConfig\":[]", "\"runtimeConfig\" must be an object, found an array")]
    [InlineData("\"args\":\"x\"", "\"args\" must be an object, found a string")]
    [InlineData("\"dns\":{\"nameservers\":\"10.0.0.1\"}", "\"nameservers\" must be an array, found a string")]
    [InlineData("\"dns\":{\"search\":[1]}", "\"search\" must be a string, found a number")]
    [InlineData("\"mtu\":\"1400\"", "\"mtu\" must be a number, found a string")]
    [InlineData("\"mtu\":1.5", "\"mtu\" must be a whole number, found 1.5")]
    [InlineData("\"mtu\":1e300", "\"mtu\" must be a whole number, found 1e300")]
    [InlineData("\"ipMasq\":\"true\"", "\"ipMasq\" must be true or false, found a string")]
    public void A_wrong_type_is_found_when_the_value_is_asked_for(string members, string message)
    {
        var configuration = Stdin.With(members);
        Expect.Error(6, "error unmarshall network config: " + message, () =>
        {
            _ = (configuration.RuntimeConfig, configuration.Args, configuration.Dns);
            _ = (configuration.Root.GetInteger("mtu"), configuration.Root.GetFlag("ipMasq"));
        });
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("{\"domain\":\"\"}", false)]
    [InlineData("{\"nameservers\":null}", false)]
    [InlineData("{\"nameservers\":[]}", true)]
    [InlineData("{\"search\":[]}", true)]
    [InlineData("{\"options\":[]}", true)]
    [InlineData("{\"domain\":\"d\"}", true)]
    public void An_empty_dns_list_is_something_but_an_empty_dns_is_not(string dns, bool given) =>
        Assert.Equal(given, Stdin.With($"\"dns\":{dns}").Dns is not null);

    [Theory]
    [InlineData("\"x\":1", ValidAttachmentsPresence.Absent)]
    [InlineData("\"cni.dev/valid-attachments\":null", ValidAttachmentsPresence.Null)]
    [InlineData("\"cni.dev/attachments\":null", ValidAttachmentsPresence.Null)]
    [InlineData("\"cni.dev/valid-attachments\":null,\"cni.dev/attachments\":null", ValidAttachmentsPresence.Null)]
    [InlineData("\"cni.dev/valid-attachments\":[]", ValidAttachmentsPresence.Given)]
    [InlineData("\"cni.dev/attachments\":[]", ValidAttachmentsPresence.Given)]
    public void An_absent_list_of_attachments_is_not_an_empty_one(string members, ValidAttachmentsPresence presence)
    {
        var attachments = Stdin.With(members).ValidAttachments;
        Assert.Equal(presence, attachments.Presence);
        Assert.Empty(attachments.Items);
    }

    [Theory]
    [InlineData("\"cni.dev/valid-attachments\":[{\"containerID\":\"c\",\"ifname\":\"eth0\"},{\"containerID\":\"d\",\"ifname\":\"eth1\"}]")]
    [InlineData("\"cni.dev/attachments\":[{\"containerID\":\"c\",\"ifname\":\"eth0\"},{\"containerID\":\"d\",\"ifname\":\"eth1\"}]")]
    [InlineData("\"cni.dev/valid-attachments\":null,\"CNI.dev/Attachments\":[{\"CONTAINERID\":\"c\",\"ifName\":\"eth0\"},{\"containerID\":\"d\",\"ifname\":\"eth1\"}]")]
    public void The_list_is_read_under_both_of_its_names(string members) => Assert.Equal(
        [new CniAttachment("c", "eth0"), new CniAttachment("d", "eth1")], Stdin.With(members).ValidAttachments.Items);

    [Fact]
    public void The_newer_name_of_the_list_wins() => Assert.Empty(
        Stdin.With("\"cni.dev/attachments\":[{\"containerID\":\"c\",\"ifname\":\"e\"}],\"cni.dev/valid-attachments\":[]").ValidAttachments.Items);

    [Theory]
    [InlineData("{}", 6)]
    [InlineData("[null]", 7)]
    [InlineData("[\"c\"]", 6)]
    [InlineData("[{\"containerID\":\"c\"}]", 7)]
    [InlineData("[{\"ifname\":\"eth0\"}]", 7)]
    [InlineData("[{\"containerID\":\"\",\"ifname\":\"eth0\"}]", 7)]
    [InlineData("[{\"containerID\":1,\"ifname\":\"eth0\"}]", 6)]
    public void An_entry_that_names_nothing_is_refused_rather_than_dropped(string list, int code) =>
        Expect.ErrorWith(code, "", () => _ = Stdin.With($"\"cni.dev/valid-attachments\":{list}").ValidAttachments);

    [Theory]
    [InlineData("1.0.0", "1.1.0")]
    [InlineData("1.1.0", "1.0.0")]
    [InlineData("0.3.1", "0.4.0")]
    [InlineData("0.4.0", "0.3.0")]
    public void A_prevResult_may_be_of_another_version_of_the_same_family(string config, string own)
    {
        var result = Stdin.With($"\"prevResult\":{{\"cniVersion\":\"{own}\",\"ips\":[{{\"address\":\"10.0.0.2/24\"}}]}}", config).PrevResult;
        Assert.Equal("10.0.0.2", result!.Ips[0].Address.ToString());
    }

    [Theory]
    [InlineData("1.1.0")]
    [InlineData("0.4.0")]
    public void A_prevResult_without_version_has_the_configurations(string config) =>
        Assert.Single(Stdin.With("\"prevResult\":{\"ips\":[{\"address\":\"10.0.0.2/24\"}]}", config).PrevResult!.Ips);

    [Fact]
    public void A_prevResult_of_the_oldest_versions_is_read_in_their_shape() =>
        Assert.Equal(24, Stdin.With("\"prevResult\":{\"ip4\":{\"ip\":\"10.0.0.2/24\"}}", "0.2.0").PrevResult!.Ips[0].PrefixLength);

    [Fact]
    public void An_empty_prevResult_is_an_empty_result() => Assert.Empty(Stdin.With("\"prevResult\":{}").PrevResult!.Ips);

    [Theory]
    [InlineData("1.0.0", "0.4.0", "[1.0.0 1.1.0]")]
    [InlineData("0.4.0", "1.0.0", "[0.3.0 0.3.1 0.4.0]")]
    [InlineData("0.2.0", "0.3.0", "[0.1.0 0.2.0]")]
    [InlineData("1.1.0", "x", "[1.0.0 1.1.0]")]
    public void A_prevResult_of_another_family_is_refused(string config, string own, string family) => Expect.Error(
        6, $"could not parse prevResult: result type supports {family} but unmarshalled CNIVersion is \"{own}\"",
        () => _ = Stdin.With($"\"prevResult\":{{\"cniVersion\":\"{own}\"}}", config).PrevResult);

    [Theory]
    [InlineData("\"junk\"")]
    [InlineData("[]")]
    [InlineData("{\"ips\":{}}")]
    [InlineData("{\"ips\":[{\"address\":\"10.0.0.300/24\"}]}")]
    [InlineData("{\"cniVersion\":1}")]
    public void A_broken_prevResult_is_found_only_when_it_is_asked_for(string json)
    {
        var configuration = Stdin.With($"\"prevResult\":{json}");
        Assert.Equal("net", configuration.Name);
        Expect.ErrorWith(6, "could not parse prevResult: ", () => _ = configuration.PrevResult);
    }

    [Fact]
    public void On_mutilated_input_nothing_but_an_error_of_the_protocol_is_thrown()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var bytes = Stdin.Bytes(
            """
            {"cniVersion":"1.1.0","name":"n","ipam":{"socket":"a"},"dns":{"nameservers":["a"],"domain":"d"},"mtu":1.5e3,"args":{},
            "runtimeConfig":{"ips":["10.0.0.1"]},"cni.dev/valid-attachments":[{"containerID":"c","ifname":"i"}],
            "prevResult":{"cniVersion":"1.0.0","interfaces":[{"name":"e","mtu":1}],"ips":[{"address":"10.0.0.1/24","interface":0}]}}
            """);
        for (var i = 0; i < 5_000; i++)
        {
            var mutant = Mutant.Of(bytes, random);
            foreach (var use in (Action<NetworkConfiguration>[])
                [_ => { }, c => _ = c.Dns, c => _ = c.ValidAttachments, c => _ = c.PrevResult, c => c.Root.GetInteger("mtu"), c => _ = c.RuntimeConfig])
            {
                var fault = Record.Exception(() => use(NetworkConfiguration.Parse(mutant)));
                Assert.True(fault is null or CniException, $"seed {seed}, step {i}, {Convert.ToBase64String(mutant)}: {fault}");
            }
        }
    }
}
