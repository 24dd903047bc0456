namespace Cni.Protocol.Tests;

public class CniEnvironmentTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["CNI_COMMAND"] = "ADD",
        ["CNI_CONTAINERID"] = "c1",
        ["CNI_NETNS"] = "/run/netns/x",
        ["CNI_IFNAME"] = "eth0",
        ["CNI_ARGS"] = "K=V",
        ["CNI_PATH"] = "/opt/cni/bin",
        ["CNI_NETNS_OVERRIDE"] = "1",
    };

    private static CniEnvironment Read(bool requirePath = true, params (string Name, string? Value)[] changes)
    {
        var variables = new Dictionary<string, string?>(Complete);
        foreach (var (name, value) in changes)
            variables[name] = value;
        return CniEnvironment.Read(variables.GetValueOrDefault, requirePath);
    }

    [Fact]
    public void All_variables_are_read()
    {
        Assert.Equal(
            new CniEnvironment
            {
                Command = CniCommand.Add,
                ContainerId = "c1",
                NetNs = "/run/netns/x",
                IfName = "eth0",
                Args = "K=V",
                Path = "/opt/cni/bin",
                NetNsOverride = "1",
            },
            Read());
    }

    [Fact]
    public void The_variables_of_an_environment_make_it_again()
    {
        Assert.Equal(Complete, Read().ToVariables().ToDictionary(pair => pair.Key, string? (pair) => pair.Value));
        var status = CniEnvironment.Read(name => name == "CNI_COMMAND" ? "STATUS" : "", requirePath: false);
        Assert.Equal([new("CNI_COMMAND", "STATUS")], status.ToVariables());
    }

    [Theory]
    [InlineData("ADD", "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH")]
    [InlineData("CHECK", "CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH")]
    [InlineData("DEL", "CNI_CONTAINERID,CNI_IFNAME,CNI_PATH")]
    [InlineData("STATUS", "CNI_PATH")]
    [InlineData("GC", "CNI_PATH")]
    public void What_a_verb_needs_and_does_not_get_is_reported_in_one_error(string command, string names)
    {
        var variables = new Dictionary<string, string?> { ["CNI_COMMAND"] = command, ["CNI_NETNS"] = "" };
        Expect.Error(4, $"required env variables [{names}] missing", () => CniEnvironment.Read(variables.GetValueOrDefault));
    }

    [Fact]
    public void VERSION_needs_nothing_else() => Assert.Equal(
        CniCommand.Version, CniEnvironment.Read(name => name == "CNI_COMMAND" ? "VERSION" : null).Command);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_verb_the_verb_is_missing(string? command) =>
        Expect.Error(4, "required env variables [CNI_COMMAND] missing", () => Read(changes: ("CNI_COMMAND", command)));

    [Theory]
    [InlineData("add")]
    [InlineData("ADD ")]
    [InlineData("Add")]
    [InlineData("UPDATE")]
    public void A_verb_is_exact(string command) =>
        Expect.Error(4, $"unknown CNI_COMMAND: {command}", () => Read(changes: ("CNI_COMMAND", command)));

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("A-b_c.d")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a089f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    public void Container_ids_of_letters_digits_and_a_few_signs_are_valid(string id) =>
        Assert.Equal(id, Read(changes: ("CNI_CONTAINERID", id)).ContainerId);

    [Theory]
    [InlineData("a\n")]
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("_a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a~b")]
    [InlineData("\u00e4")]
    [InlineData("a\u0661")]
    [InlineData("\uff41")]
    public void Other_container_ids_are_invalid_and_the_message_names_the_variable(string id)
    {
        var error = Expect.Error(4, "invalid characters in containerID (CNI_CONTAINERID)", () => Read(changes: ("CNI_CONTAINERID", id)));
        Assert.StartsWith(id, error.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e")]
    [InlineData("123456789012345")]
    [InlineData("eth0.100")]
    [InlineData("...")]
    [InlineData("a\\b")]
    [InlineData("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4")]
    public void Interface_names_of_up_to_15_bytes_are_valid(string name) => Assert.Equal(name, Read(changes: ("CNI_IFNAME", name)).IfName);

    [Theory]
    [InlineData("1234567890123456", "interface name is too long (CNI_IFNAME)")]
    [InlineData("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4", "interface name is too long (CNI_IFNAME)")]
    [InlineData(".", "interface name is . or .. (CNI_IFNAME)")]
    [InlineData("..", "interface name is . or .. (CNI_IFNAME)")]
    [InlineData("a/b", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a:b", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a b", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("eth0\n", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a\u0085", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a\u00a0", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a\u2003", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a\u3000", "interface name contains / or : or whitespace characters (CNI_IFNAME)")]
    [InlineData("a\ufffd", "interface name is not valid UTF-8 (CNI_IFNAME)")]
    public void Other_interface_names_are_invalid(string name, string message)
    {
        var error = Expect.Error(4, message, () => Read(changes: ("CNI_IFNAME", name)));
        Assert.StartsWith(name, error.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_value_is_reported_before_missing_ones() =>
        Expect.ErrorWith(4, "CNI_IFNAME", () => Read(changes: [("CNI_NETNS", null), ("CNI_IFNAME", "a b"), ("CNI_PATH", null)]));

    [Theory]
    [InlineData("STATUS")]
    [InlineData("GC")]
    [InlineData("VERSION")]
    public void Values_that_a_verb_does_not_need_are_not_looked_at(string command) => Assert.Equal(
        "a b", Read(changes: [("CNI_COMMAND", command), ("CNI_CONTAINERID", "!"), ("CNI_IFNAME", "a b"), ("CNI_NETNS", "")]).IfName);

    [Theory]
    [InlineData("STATUS")]
    [InlineData("GC")]
    public void STATUS_and_GC_come_with_empty_variables(string command) => Assert.Equal(
        new CniAttachment("", ""),
        Read(changes: [("CNI_COMMAND", command), ("CNI_CONTAINERID", ""), ("CNI_IFNAME", ""), ("CNI_NETNS", ""), ("CNI_ARGS", "")]).Attachment);

    [Theory]
    [InlineData("ADD")]
    [InlineData("DEL")]
    [InlineData("GC")]
    public void CNI_PATH_may_be_left_out_where_the_host_does_not_need_it(string command) => Assert.Equal(
        "", Read(requirePath: false, ("CNI_COMMAND", command), ("CNI_PATH", null)).Path);

    [Theory]
    [InlineData("1", true)]
    [InlineData("TRUE", true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("yes", false)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void The_namespace_check_can_be_turned_off(string value, bool off) =>
        Assert.Equal(off, Read(changes: ("CNI_NETNS_OVERRIDE", value)).AllowsOwnNetNs);

    [Fact]
    public void A_verb_has_one_text()
    {
        foreach (var command in Enum.GetValues<CniCommand>())
            Assert.Equal(command, CniCommandText.Parse(command.Text()));
    }

    [Fact]
    public void Random_texts_are_refused_with_code_4_or_taken_as_they_are()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(1, 0x300))]);
            foreach (var name in (string[])["CNI_COMMAND", "CNI_CONTAINERID", "CNI_IFNAME"])
            {
                var fault = Record.Exception(() => Read(changes: (name, text)));
                Assert.True(fault is null or CniException { Error.Code: 4 }, $"seed {seed}, step {i}, {name}: {fault}");
            }
        }
    }
}
