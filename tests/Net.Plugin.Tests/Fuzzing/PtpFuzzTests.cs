using System.Text;
using Cni.Protocol;
using Net.Plugin.Netlink;
using Net.Plugin.Ptp;
using Net.Plugin.Tests.Support;
using Testing.Fuzzing;

namespace Net.Plugin.Tests.Fuzzing;

/// <summary>Whatever a runtime and an IPAM plugin give net-ptp: it answers as a plugin does, and leaves nothing that nobody knows of.</summary>
[Trait("Category", "Fuzz")]
public class PtpFuzzTests
{
    private static readonly string[] Configurations =
    [
        """{"cniVersion":"1.0.0","name":"n","type":"net-ptp","ipMasq":true,"ipMasqBackend":"nftables","mtu":1400,"enabledad":false,"ipamTimeout":5,"ipam":{"type":"fake-ipam"},"dns":{"nameservers":["10.1.0.1"]}}""",
        """{"cniVersion":"1.1.0","name":"n","type":"net-ptp","mtu":1.5e3,"ipam":{"type":"fake-ipam","subnet":"10.1.0.0/24"},"runtimeConfig":{"mac":"02:00:5e:10:00:01"},"cni.dev/valid-attachments":[{"containerID":"c","ifname":"eth0"}]}""",
        """{"cniVersion":"0.2.0","name":"n","type":"net-ptp","ipam":{"type":"fake-ipam"},"prevResult":{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24"}}}""",
    ];

    private static readonly string[] Answers =
    [
        """{"cniVersion":"1.0.0","ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1"}],"routes":[{"dst":"0.0.0.0/0"},{"dst":"10.9.0.0/16","gw":"10.1.0.7"}]}""",
        """{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.5/32"},{"address":"2001:db8::5/64","gateway":"2001:db8::1"}],"routes":[{"dst":"::/0","gw":"fe80::1","mtu":1400,"advmss":1360,"priority":5,"table":100,"scope":0}],"dns":{"nameservers":["10.1.0.1"],"domain":"d"}}""",
        """{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.1.0.5/24","gateway":"0.0.0.0"}],"routes":[{"dst":"10.8.0.0/16","gw":"0.0.0.0"}],"dns":{}}""",
        """{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24","gateway":"10.1.0.1","routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}]},"ip6":{"ip":"2001:db8::5/128"},"dns":{}}""",
        """{"cniVersion":"1.0.0","code":11,"msg":"no address","details":"later"}""",
    ];

    private static readonly string[] Verbs = ["ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION"];

    // Of so many answers one is as it should be, and one comes with a failure.
    private const int Rarely = 8;

    [RootFact("ip")]
    public void Every_request_is_answered()
    {
        using var host = new TestNamespace();
        FuzzRun.For(0.08, mutator =>
        {
            var stdin = mutator.Json(Configurations);
            var variables = new Dictionary<string, string?>
            {
                ["CNI_COMMAND"] = mutator.OneIn(10) ? mutator.Text(Verbs) : mutator.Pick<string>(Verbs),
                ["CNI_CONTAINERID"] = mutator.OneIn(4) ? mutator.Text("c1") : "c1",
                ["CNI_NETNS"] = mutator.OneIn(4) ? mutator.Text("/proc/self/ns/mnt", "/etc/passwd", host.FilePath) : "/run/netns/there-is-none",
                ["CNI_IFNAME"] = mutator.OneIn(4) ? mutator.Text("eth0", "a%d") : "eth0",
                ["CNI_ARGS"] = mutator.Text("IgnoreUnknown=1;K8S_POD_NAME=p"),
                ["CNI_PATH"] = mutator.Text("/there-is-none"),
            };
            var (exit, stdout, stderr) = host.Namespace.Run(() =>
            {
                using var output = new MemoryStream();
                using var errors = new MemoryStream();
                var code = new PluginHost(variables.GetValueOrDefault, new MemoryStream(stdin), output, () => errors).Run(new PtpPlugin());
                return (code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
            });
            CniProperty.Holds(exit, stdout, stderr, [Encoding.UTF8.GetString(stdin), .. variables.Values.OfType<string>()]);
        });
    }

    [Fact]
    public void Every_answer_of_an_IPAM_plugin_becomes_a_plan_or_is_refused() => FuzzRun.For(0.05, static mutator =>
    {
        var json = mutator.Json(Answers);
        var text = Encoding.UTF8.GetString(json);
        try
        {
            var result = CniResult.Parse(json, mutator.Pick<CniVersion>([.. CniVersion.Supported]));
            var plan = AttachmentPlan.Make(result.Ips, result.Routes, containerIndex: 2, hostIndex: 3, mutator.OneIn(2));
            var requests = new RequestBuffer();
            foreach (var request in plan.Requests)
            {
                requests.Append(request, MessageFlags.Ack, sequence: 0);
                CniProperty.IsReadable(request.Describe(), text, text);
            }
        }
        catch (CniException e)
        {
            CniProperty.IsReadable(e.Message, text, text);
        }
    });

    [RootFact("ip", "net-ptp", "nft")]
    public void The_published_plugin_makes_of_every_answer_an_attachment_that_a_DEL_takes_away_or_nothing()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host);
        var container = host.NewContainer();
        // The first attachments make what stays: nftables' table.
        ipam.Answers("ADD", Answers[0]);
        Call(host, "ADD", container, Configurations[0], []);
        Call(host, "DEL", container, Configurations[0], []);
        var (before, inside) = (host.State(), container.Ip("-br link"));
        FuzzRun.For(0.12, mutator =>
        {
            var answer = mutator.OneIn(Rarely) ? mutator.Pick<string>(Answers) : Encoding.UTF8.GetString(mutator.Json(Answers));
            var configuration = mutator.OneIn(3) ? Encoding.UTF8.GetString(mutator.Json(Configurations)) : mutator.Pick<string>(Configurations);
            ipam.Answers("ADD", answer);
            ipam.Ends("ADD", mutator.OneIn(Rarely) ? 1 : 0);

            var added = Call(host, "ADD", container, configuration, [answer]);
            if (added.Succeeded)
                Check(host, container, configuration, mutator.OneIn(2) ? added.Output : Encoding.UTF8.GetString(mutator.Json(added.Output)), [answer]);
            else
                Assert.Equal((before, inside), (host.State(), container.Ip("-br link")));
            // Whatever the configuration of the ADD was, it could be read if there is something to remove.
            var deleted = Call(host, "DEL", container, configuration, [answer]);
            Assert.Equal(added.Succeeded, added.Succeeded && deleted.Succeeded);
            Assert.Equal((before, inside), (host.State(), container.Ip("-br link")));
        });
    }

    private static void Check(PtpHost host, TestNamespace container, string configuration, string prevResult, string[] inputs)
    {
        var with = $"{configuration.TrimEnd()[..^1]},\"prevResult\":{prevResult}}}";
        Call(host, "CHECK", container, with, [.. inputs, prevResult]);
    }

    private static CniOutcome Call(PtpHost host, string verb, TestNamespace container, string configuration, string[] inputs)
    {
        var outcome = host.Call(verb, container, configuration: configuration);
        CniProperty.Holds(outcome.ExitCode, outcome.Output, outcome.Errors, [.. inputs, configuration]);
        return outcome;
    }
}
