using System.Globalization;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

/// <summary>The published program as a runtime meets it.</summary>
public class ProgramTests
{
    private const long LargestFile = 4 * 1024 * 1024;
    private const long LargestMemory = 12 * 1024; // KiB

    [RootFact("ip", "net-ptp")]
    public void VERSION_needs_nothing_and_names_all_versions()
    {
        using var host = new PtpHost();
        var outcome = host.Call(host.Plugin, "VERSION", "", "", "", "not json").Must();
        Assert.Equal("""{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}""" + "\n", outcome.Output);
    }

    [RootFact("ip", "net-ptp")]
    public void Without_a_verb_it_says_what_it_is()
    {
        using var host = new PtpHost();
        var outcome = host.Call(host.Plugin, "", "", "", "", "").Must();
        Assert.Equal("", outcome.Output);
        Assert.StartsWith("CNI net-ptp plugin ", outcome.Errors, StringComparison.Ordinal);
    }

    [RootTheory("ip", "net-ptp")]
    [InlineData("ADD", "bad id", "eth0", """{"cniVersion":"1.0.0","name":"n","ipam":{}}""", 4)]
    [InlineData("ADD", "id", "much-too-long-a-name", """{"cniVersion":"1.0.0","name":"n","ipam":{}}""", 4)]
    [InlineData("EXPLODE", "id", "eth0", """{"cniVersion":"1.0.0","name":"n"}""", 4)]
    [InlineData("ADD", "id", "eth0", "[]", 6)]
    [InlineData("ADD", "id", "eth0", """{"cniVersion":"1.0.0"}""", 7)]
    [InlineData("ADD", "id", "eth0", """{"cniVersion":"9.9.9","name":"n"}""", 1)]
    public void A_request_that_makes_no_sense_has_the_protocol_s_code(string verb, string id, string interfaceName, string configuration, int code)
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        Assert.Equal(code, host.Call(host.Plugin, verb, container.FilePath, interfaceName, id, configuration).MustFail().Code);
    }

    [RootFact("ip", "net-ptp")]
    public void It_is_one_small_file() => Assert.InRange(new FileInfo(Published.Plugin).Length, 1, LargestFile);

    [RootFact("ip", "net-ptp", "host-local", "time")]
    public void It_needs_little_memory()
    {
        using var host = new PtpHost();
        host.Configuration["ipMasq"] = true;
        host.Configuration["ipam"] = host.HostLocal("10.1.2.0/24", "2001:db8::/64");
        var (container, measured) = (host.NewContainer(), Path.Combine(host.Folder, "peak"));
        using var wrapper = new WrappedPlugin("true", $"{Programs.Find("time")} --format %M --output {measured}");
        host.Call(wrapper.File, "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()).Must();
        Assert.InRange(long.Parse(File.ReadAllText(measured), CultureInfo.InvariantCulture), 1, LargestMemory);
    }

    [RootFact("ip", "net-ptp")]
    public void The_IPAM_plugin_gets_the_whole_environment_with_its_own_verb()
    {
        using var host = new PtpHost();
        host.Environment.Add("TRACEPARENT=00-\u00e4=b c");
        var seen = Path.Combine(host.Folder, "seen");
        _ = new FakeIpam(host)
            .Does("ADD", $"echo \"$CNI_COMMAND $TRACEPARENT\" >> {seen}").Answers("ADD", """{"cniVersion":"1.0.0"}""")
            .Does("DEL", $"echo \"$CNI_COMMAND $TRACEPARENT\" >> {seen}");
        host.Add(host.NewContainer()).MustFail();
        Assert.Equal(["ADD 00-\u00e4=b c", "DEL 00-\u00e4=b c"], File.ReadAllLines(seen));
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void An_own_namespace_is_allowed_if_the_caller_insists()
    {
        using var host = new PtpHost();
        host.Environment.Add("CNI_NETNS_OVERRIDE=true");
        host.Add(host.Namespace).Must();
        host.Del(host.Namespace).Must();
        Assert.Empty(host.Leases());
    }

    [RootFact("ip", "net-ptp", "host-local")]
    public void The_longest_name_that_the_kernel_takes_is_fine()
    {
        using var host = new PtpHost();
        var container = host.NewContainer();
        const string Longest = "fifteen-letters";
        host.Add(container, Longest).Must();
        Assert.Contains(Longest, container.Ip("-br link"), StringComparison.Ordinal);
        host.Del(container, Longest).Must();
    }
}
