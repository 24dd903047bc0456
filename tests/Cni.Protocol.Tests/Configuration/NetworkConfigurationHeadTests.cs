using System.Text.Json;

namespace Cni.Protocol.Tests;

public class NetworkConfigurationHeadTests
{
    private static readonly ConfigurationKey[] Keys = [Stdin.Socket, Stdin.Spool, Stdin.Domain];

    private static NetworkConfigurationHead Parse(string json) => NetworkConfigurationHead.Parse(Stdin.Bytes(json), Keys);

    /// <summary>Everything both parsers say about an input, in a line.</summary>
    private static string Outcome(Func<(string Name, string Version, string? Type, string?[] Texts)> parse)
    {
        try
        {
            var (name, version, type, texts) = parse();
            return $"{name}|{version}|{type ?? "-"}|{string.Join('|', texts.Select(text => text ?? "-"))}";
        }
        catch (CniException e)
        {
            return $"{e.Error.Code}: {e.Error.Message}; {e.Error.Details}";
        }
    }

    private static string HeadOutcome(byte[] stdin) => Outcome(() =>
    {
        var head = NetworkConfigurationHead.Parse(stdin, Keys);
        return (head.Name, head.VersionText, head.Type, [.. Keys.Select(head.Text)]);
    });

    private static string FullOutcome(byte[] stdin) => Outcome(() =>
    {
        var full = NetworkConfiguration.Parse(stdin);
        return (full.Name, full.VersionText, full.Type, [.. Keys.Select(full.Text)]);
    });

    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("null", null)]
    [InlineData("true,\"on\":false", "false")]
    [InlineData("1", "6")]
    [InlineData("\"true\"", "6")]
    public void A_truth_value_is_told_as_it_is_written(string value, string? expected)
    {
        var key = new ConfigurationKey("ipam", "on", JsonValueKind.True);
        string? Read() => NetworkConfigurationHead.Parse(Stdin.Bytes("""{"name":"n","ipam":{"on":VALUE}}""".Replace("VALUE", value, StringComparison.Ordinal)), key).Text(key);
        if (expected == "6")
            Assert.Contains("\"on\" must be true or false, found ", Assert.Throws<CniException>(Read).Message, StringComparison.Ordinal);
        else
            Assert.Equal(expected, Read());
    }

    public static TheoryData<string, string> Inputs => new()
    {
        // What runtimes send.
        { """{"cniVersion":"1.0.0","name":"net","type":"ptp","ipam":{"type":"ipam","socket":"/s","spool":"/p"}}""", "net|1.0.0|ptp|/s|/p|-" },
        { """{"name":"net"}""", "net||-|-|-|-" },
        { """{"name":"net","cniVersion":""}""", "net||-|-|-|-" },
        { " \r\n\t{\"name\":\"net\"}\n ", "net||-|-|-|-" },
        { """{"name":"net","capabilities":{"ips":true},"prevResult":{"ips":[{"ipam":{"socket":"no"}}]},"list":[{"name":"no"}]}""", "net||-|-|-|-" },
        // Keys in any case, the last of equal ones counts, null is nothing.
        { """{"NAME":"net","CNIVersion":"0.4.0","Type":"t","IPAM":{"SOCKET":"/s"},"Dns":{"doMain":"d"}}""", "net|0.4.0|t|/s|-|d" },
        { """{"n\u0061me":"net","ip\u0061m":{"s\u006fcket":"\/s\u0041"}}""", "net||-|/sA|-|-" },
        { """{"name":"a","Name":"b","NAME":"c"}""", "c||-|-|-|-" },
        { """{"name":1,"name":"b","cniVersion":[],"cniVersion":"1.0.0"}""", "b|1.0.0|-|-|-|-" },
        { """{"name":"n","ipam":{"socket":"a","spool":"b"},"ipam":{"socket":"c"}}""", "n||-|c|-|-" },
        { """{"name":"n","ipam":{"socket":"a","SOCKET":"c"}}""", "n||-|c|-|-" },
        { """{"name":"n","ipam":{"socket":"a"},"ipam":null}""", "n||-|-|-|-" },
        { """{"name":"n","ipam":5,"ipam":{"socket":"a"}}""", "n||-|a|-|-" },
        { """{"name":"n","ipam":{"socket":"a","socket":null},"cniVersion":null,"type":null,"dns":null}""", "n||-|-|-|-" },
        { """{"name":"n","ipam":{"x":{"socket":"no"},"y":["socket"],"socket":"a"}}""", "n||-|a|-|-" },
        { """{"name":"n","ipam":{}}""", "n||-|-|-|-" },
        { """{"name":"n","ſocket":1,"ipam":{"ſocket":"no"}}""", "n||-|-|-|-" },
        // Not one JSON object.
        { "", "6: error unmarshall network config: invalid JSON at line 1, byte 1; " },
        { "  ", "6: error unmarshall network config: invalid JSON at line 1, byte 3; " },
        { "[]", "6: error unmarshall network config: wanted an object, found an array; " },
        { "\"x\"", "6: error unmarshall network config: wanted an object, found a string; " },
        { "1", "6: error unmarshall network config: wanted an object, found a number; " },
        { "{\"name\":\"n\"", "6: error unmarshall network config: invalid JSON at line 1, byte 12; " },
        { "{\"name\":\"n\"}x", "6: error unmarshall network config: invalid JSON at line 1, byte 13; " },
        { "{\"name\":\"n\"}{}", "6: error unmarshall network config: invalid JSON at line 1, byte 13; " },
        { "{\"name\":\"n\",}", "6: error unmarshall network config: invalid JSON at line 1, byte 13; " },
        { "{\"name\":\"n\"/**/}", "6: error unmarshall network config: invalid JSON at line 1, byte 12; " },
        { "\ufeff{\"name\":\"n\"}", "6: error unmarshall network config: invalid JSON at line 1, byte 1; " },
        { "{\n\"name\":n}", "6: error unmarshall network config: invalid JSON at line 2, byte 9; " },
        { "{'name':'n'}", "6: error unmarshall network config: invalid JSON at line 1, byte 2; " },
        // Bad syntax beats everything, a name of the wrong type beats a missing one, a missing name beats other types.
        { """{"name":5,"x":]""", "6: error unmarshall network config: invalid JSON at line 1, byte 15; " },
        { """{"name":5}""", "6: error unmarshall network config: \"name\" must be a string, found a number; " },
        { """{"cniVersion":1}""", "7: missing network name; the configuration needs a \"name\"" },
        { "null", "7: missing network name; the configuration needs a \"name\"" },
        { "{}", "7: missing network name; the configuration needs a \"name\"" },
        { """{"name":null}""", "7: missing network name; the configuration needs a \"name\"" },
        { """{"name":""}""", "7: missing network name; the configuration needs a \"name\"" },
        { """{"name":"a\n"}""", "7: invalid characters found in network name; a\n: wanted a letter or digit, then letters, digits, '_', '.' or '-'" },
        { """{"name":"../x","ipam":5}""", "7: invalid characters found in network name; ../x: wanted a letter or digit, then letters, digits, '_', '.' or '-'" },
        { """{"name":"n","cniVersion":1}""", "6: error unmarshall network config: \"cniVersion\" must be a string, found a number; " },
        { """{"name":"n","type":true}""", "6: error unmarshall network config: \"type\" must be a string, found true or false; " },
        { """{"name":"n","ipam":[]}""", "6: error unmarshall network config: \"ipam\" must be an object, found an array; " },
        { """{"name":"n","ipam":"x"}""", "6: error unmarshall network config: \"ipam\" must be an object, found a string; " },
        { """{"name":"n","ipam":{"socket":{}}}""", "6: error unmarshall network config: \"socket\" must be a string, found an object; " },
        { """{"name":"n","ipam":{"spool":1.5e3}}""", "6: error unmarshall network config: \"spool\" must be a string, found a number; " },
        { """{"name":"n","dns":[]}""", "6: error unmarshall network config: \"dns\" must be an object, found an array; " },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void The_head_and_the_whole_configuration_agree_on_every_input(string json, string expected)
    {
        Assert.Equal(expected, HeadOutcome(Stdin.Bytes(json)));
        Assert.Equal(expected, FullOutcome(Stdin.Bytes(json)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        byte[] json = [.. "{\"name\":\"n\",\"x\":\""u8, 0xff, .. "\"}"u8];
        Assert.Equal("6: error unmarshall network config: invalid JSON: not UTF-8; ", HeadOutcome(json));
        Assert.Equal(HeadOutcome(json), FullOutcome(json));
    }

    [Fact]
    public void Nesting_has_a_limit_and_no_input_overflows_the_stack()
    {
        var json = """{"name":"n","x":""" + new string('[', 100_000) + new string(']', 100_000) + "}";
        Assert.StartsWith("6: error unmarshall network config: values nested more than 10000 deep at line 1", HeadOutcome(Stdin.Bytes(json)), StringComparison.Ordinal);
    }

    [Fact]
    public void On_mutilated_input_both_agree_with_each_other_and_with_the_JSON_grammar()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var inputs = Inputs.Select(row => Stdin.Bytes((string)row[0])).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Mutant.Of(inputs[random.Next(inputs.Length)], random);
            var (head, full) = (HeadOutcome(mutant), FullOutcome(mutant));
            Assert.True(head == full, $"seed {seed}, step {i}, {Convert.ToBase64String(mutant)}: {head} but {full}");
            var refused = head.Contains("invalid JSON", StringComparison.Ordinal);
            Assert.True(refused == !IsSound(mutant), $"seed {seed}, step {i}, {Convert.ToBase64String(mutant)}: {head}");
        }
    }

    /// <summary>The slow way: a DOM.</summary>
    private static bool IsSound(byte[] bytes)
    {
        try
        {
            _ = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            using var json = JsonDocument.Parse(bytes);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    [Fact]
    public void The_version_is_checked_when_the_verb_is_known()
    {
        var head = Parse("""{"name":"n","cniVersion":"1.0.0"}""");
        Assert.Equal(new CniVersion(1, 0, 0), head.EnsureAllows(CniCommand.Check));
        Expect.Error(1, "config version does not allow GC", () => head.EnsureAllows(CniCommand.Gc));
    }

    [Fact]
    public void A_text_that_was_not_asked_for_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => Parse("""{"name":"n"}""").Text(new ConfigurationKey("ipam", "other")));
}
