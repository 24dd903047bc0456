using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Service.Configuration;
using Ipam.Service.Options;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Docs;

/// <summary>What the documents show works.</summary>
public sealed partial class ConfigurationDocumentTests
{
    private static readonly string Document = RepositoryRoot.Read("docs/configuration.md");

    [Fact]
    public void Every_key_of_ipam_is_in_the_table()
    {
        var error = Assert.Throws<CniException>(static () => IpamConfigurationReader.Read(NetworkConfiguration.Parse(Encoding.UTF8.GetBytes(NetworkJson.Text("\"no such key\": 1"))))).Error;

        var keys = error.Details["known keys: ".Length..].Split(", ");
        Assert.Contains("subnet", keys);
        Assert.All(keys, static key => Assert.Contains($"\n| `{key}` | ", Document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_is_in_the_table_and_in_the_help()
    {
        var flags = Flag().Matches(Help.Text).Select(static match => match.Value).Distinct().Except(["--help", "--version", "--OPTION"]).ToList();

        Assert.Contains("--request-timeout", flags);
        foreach (var flag in flags)
        {
            Assert.Contains($"\n| `{flag}` | `IPAM_{flag[2..].Replace('-', '_').ToUpperInvariant()}` | ", Document, StringComparison.Ordinal);
        }
        var known = Assert.Throws<OptionException>(static () => OptionsReader.Read(["--none"], static _ => null)).Message;
        Assert.All(Flag().Matches(known[known.IndexOf("known are", StringComparison.Ordinal)..]), match => Assert.Contains(match.Value, flags));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/net-ptp.md")]
    [InlineData("docs/migrate-from-whereabouts.md")]
    [InlineData("docs/runtimes.md")]
    [InlineData("docs/install-kubernetes.md")]
    [InlineData("deploy/cni/10-ipam-bridge.conflist")]
    [InlineData("deploy/cni/10-net-ptp.conflist")]
    public void Every_example_is_accepted(string path)
    {
        var text = RepositoryRoot.Read(path);
        var examples = path.EndsWith(".md", StringComparison.Ordinal) ? Example().Matches(text).Select(static match => match.Groups["json"].Value).ToList() : [text];

        Assert.NotEmpty(examples);
        foreach (var example in examples)
            AssertAccepted(example);
    }

    [Fact]
    public void What_Multus_is_shown_is_accepted() =>
        AssertAccepted(Assert.Single(Definition().Matches(RepositoryRoot.Read("docs/runtimes.md"))).Groups["json"].Value);

    private static void AssertAccepted(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.TryGetProperty("plugins", out var plugins))
        {
            Assert.True(document.RootElement.GetProperty("name").GetString()!.Length > 0);
            Assert.Contains(plugins.EnumerateArray(), static plugin => plugin.TryGetProperty("ipam", out _));
            foreach (var plugin in plugins.EnumerateArray())
                AssertNetwork(plugin);
        }
        else if (document.RootElement.TryGetProperty("ipam", out _))
        {
            AssertNetwork(document.RootElement);
        }
        else
        {
            AssertOptions(json);
        }
    }

    /// <summary>As the runtime completes it: with a name and a version.</summary>
    private static void AssertNetwork(JsonElement plugin)
    {
        if (!plugin.TryGetProperty("ipam", out _))
            return;
        var network = NetworkConfiguration.Parse(Encoding.UTF8.GetBytes("{ \"name\": \"net\", \"cniVersion\": \"1.0.0\", " + plugin.GetRawText().TrimStart()[1..]));
        var configuration = IpamConfigurationReader.Read(network);
        Assert.All(configuration.RangeSets, static set => Assert.Contains(set, static range => !range.Allocatable.IsEmpty));
        RequestedAddresses.Read(network, CniArgs.Parse("", "IP"));
    }

    private static void AssertOptions(string json)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Combine("ipamd.json"), json);
        OptionsReader.Read(["--config", folder.Combine("ipamd.json")], static _ => null);
    }

    [GeneratedRegex("--[a-zA-Z-]+")]
    private static partial Regex Flag();

    [GeneratedRegex(@"\bconfig: \|\n +(?<json>\{.*\})\n")]
    private static partial Regex Definition();

    [GeneratedRegex("```json\n(?<json>[\\s\\S]*?)```")]
    private static partial Regex Example();
}
