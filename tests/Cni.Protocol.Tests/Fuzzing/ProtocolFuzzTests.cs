using System.Text;
using Testing.Fuzzing;

namespace Cni.Protocol.Tests.Fuzzing;

/// <summary>Whatever a runtime, a plugin or a service sends: every reader of the protocol says what is wrong with it, and the edge says it as an error object.</summary>
[Trait("Category", "Fuzz")]
public class ProtocolFuzzTests
{
    private static readonly string[] Configurations =
    [
        """{"cniVersion":"1.1.0","name":"net","type":"net-ptp","ipMasq":true,"mtu":1500,"ipam":{"type":"ipam","socket":"/run/s"},"dns":{"nameservers":["10.1.0.1"],"domain":"d","search":["a"],"options":["ndots:5"]}}""",
        """{"cniVersion":"0.2.0","name":"net","type":"ptp","ipam":{"type":"ipam","routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}]},"args":{"cni":{"ips":["10.1.0.5"]}},"runtimeConfig":{"ips":["10.1.0.6/24"],"mac":"02:00:00:00:00:01"}}""",
        """{"cniVersion":"1.1.0","name":"net","type":"x","ipam":{},"cni.dev/valid-attachments":[{"containerID":"c","ifname":"eth0"}],"cni.dev/attachments":null}""",
        """{"cniVersion":"1.0.0","name":"net","type":"x","prevResult":{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","mac":"02:00:00:00:00:01","sandbox":"/run/netns/n"}],"ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1","interface":0}],"routes":[{"dst":"0.0.0.0/0","mtu":1400,"table":0,"scope":253}]}}""",
    ];

    private static readonly string[] Results =
    [
        """{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","mac":"02:00:00:00:00:01","mtu":1500,"sandbox":"/n","pciID":"p","socketPath":"s"}],"ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1","interface":0}],"routes":[{"dst":"::/0","gw":"fe80::1","mtu":1400,"advmss":1360,"priority":1,"table":100,"scope":0}],"dns":{"nameservers":["10.1.0.1"]}}""",
        """{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24","gateway":"10.1.0.1","routes":[{"dst":"0.0.0.0/0"}]},"ip6":{"ip":"2001:db8::5/64"},"dns":{}}""",
        """{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.1.0.5/24"}],"dns":{"domain":"d"}}""",
    ];

    private static readonly string[] Errors = ["""{"cniVersion":"1.1.0","code":11,"msg":"no address","details":"later"}"""];

    private static readonly string[] Arguments = ["IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=p;K8S_POD_UID=u", "IP=10.1.0.5,10.1.0.6", "IgnoreUnknown=yes;a=b;"];

    [Fact]
    public void Every_configuration_is_read_or_refused() => FuzzRun.For(0.08, static mutator =>
    {
        var bytes = mutator.Json(Configurations);
        foreach (var verb in (ReadOnlySpan<string>)["ADD", "DEL", "CHECK", "GC"])
        {
            var run = new HostRun { Input = new MemoryStream(bytes), Plugin = new RecordingPlugin { Answer = ReadAll } }.Run(verb);
            CniProperty.Holds(run.ExitCode, run.Stdout, run.Stderr, Encoding.UTF8.GetString(bytes));
        }
    });

    [Fact]
    public void Every_environment_is_read_or_refused() => FuzzRun.For(0.03, static mutator =>
    {
        var variables = new Dictionary<string, string?>
        {
            ["CNI_COMMAND"] = mutator.Text("ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION"),
            ["CNI_CONTAINERID"] = mutator.Text("c1", "0123456789abcdef"),
            ["CNI_NETNS"] = mutator.Text("/run/netns/there-is-none"),
            ["CNI_IFNAME"] = mutator.Text("eth0", "net1"),
            ["CNI_ARGS"] = mutator.Text(Arguments),
            ["CNI_PATH"] = mutator.Text("/opt/cni/bin:/usr/lib/cni"),
            ["CNI_NETNS_OVERRIDE"] = mutator.Text("1", "TRUE"),
        };
        var run = new HostRun { Plugin = new RecordingPlugin { Answer = ReadAll } };
        foreach (var (name, value) in variables)
            run.With(name, value);
        run.Run(variables["CNI_COMMAND"]);
        CniProperty.Holds(run.ExitCode, run.Stdout, run.Stderr, [.. variables.Values.OfType<string>()]);
    });

    [Fact]
    public void Every_result_and_every_error_object_is_read_or_refused_and_what_was_read_can_be_written() => FuzzRun.For(0.06, static mutator =>
    {
        var version = mutator.Pick<CniVersion>([.. CniVersion.Supported]);
        var bytes = mutator.Json(mutator.OneIn(4) ? Errors : Results);
        var text = Encoding.UTF8.GetString(bytes);
        try
        {
            var written = CniResult.Parse(bytes, version).ToJson(version);
            Assert.Equal(written, CniResult.Parse(written, version).ToJson(version));
        }
        catch (CniException e)
        {
            CniProperty.IsReadable(e.Message, text, text);
        }
        if (CniError.TryParse(bytes) is { } error)
            Assert.Equal(error, CniError.TryParse(error.ToJson()));
    });

    // All that a plugin may ask of its configuration.
    private static ReadOnlyMemory<byte> ReadAll(PluginRequest request)
    {
        var configuration = request.ReadConfiguration();
        _ = (configuration.Dns, configuration.Ipam, configuration.RuntimeConfig, configuration.Args);
        if (request.Environment.Command == CniCommand.Gc)
            _ = configuration.ValidAttachments;
        if (configuration.Ipam is { } ipam)
            _ = CniResult.ReadRoutes(ipam);
        _ = CniArgs.Parse(request.Environment.Args);
        _ = configuration.Root.GetInteger("mtu");
        _ = configuration.Root.GetFlag("ipMasq");
        return configuration.PrevResult?.ToJson(request.Version) ?? default;
    }
}
