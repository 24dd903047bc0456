using System.Text;
using Cni.Protocol;
using Ipam.Plugin.Tests.Support;
using Testing.Fuzzing;

namespace Ipam.Plugin.Tests.Fuzzing;

/// <summary>Whatever a runtime asks and whatever answers at ipamd's socket: the plugin answers as a plugin does.</summary>
[Trait("Category", "Fuzz")]
public sealed class IpamPluginFuzzTests : IDisposable
{
    private static readonly string[] Verbs = ["ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION"];

    private static readonly string[] Bodies =
    [
        """{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]}""",
        """{"code":11,"msg":"the store is down","details":"try again"}""",
        "",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_request_and_every_answer_of_ipamd_is_answered() => Fuzz(0.13, static (variables, stdin) =>
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var exit = new PluginHost(variables.GetValueOrDefault, new MemoryStream(stdin), output, () => errors).Run(new IpamPlugin());
        return (exit, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    });

    [RequiresFact("ipam")]
    public void So_they_are_by_the_published_plugin() => Fuzz(0.05, static (variables, stdin) =>
    {
        var outcome = Published.Run("", variables, Encoding.UTF8.GetString(stdin));
        return (outcome.ExitCode, outcome.Stdout, outcome.Stderr);
    });

    private void Fuzz(double share, Func<Dictionary<string, string?>, byte[], (int Exit, string Stdout, string Stderr)> run)
    {
        byte[] answer = [];
        using var service = new FakeService(_folder.Combine("s"), socket =>
        {
            FakeService.ReadRequest(socket);
            socket.Send(answer);
        });
        string[] configurations =
        [
            $$$$"""{"cniVersion":"1.1.0","name":"net","type":"bridge","ipam":{"type":"ipam","socket":"{{{{_folder.Combine("s")}}}}","spool":"{{{{_folder.Combine("spool")}}}}","subnet":"10.1.0.0/24"},"args":{"cni":{"ips":["10.1.0.5"]}}}""",
            $$$$"""{"cniVersion":"0.3.1","name":"net","type":"ptp","ipam":{"socket":"{{{{_folder.Combine("none")}}}}","spool":"{{{{_folder.Combine("spool")}}}}"},"runtimeConfig":{"ips":["10.1.0.6/24"]}}""",
        ];
        FuzzRun.For(share, mutator =>
        {
            var head = $"HTTP/1.1 {mutator.Pick(200, 200, 400, 503, 500)} OK\r\nContent-Length: ";
            var body = mutator.OneIn(3) ? Encoding.UTF8.GetBytes(mutator.Pick<string>(Bodies)) : mutator.Json(Bodies);
            answer = [.. Encoding.ASCII.GetBytes($"{head}{body.Length}\r\n\r\n"), .. body];
            if (mutator.OneIn(4))
                answer = mutator.Bytes(Encoding.Latin1.GetString(answer));
            var stdin = mutator.OneIn(3) ? Encoding.UTF8.GetBytes(configurations[0]) : mutator.Json(configurations);
            var variables = new Dictionary<string, string?>
            {
                ["CNI_COMMAND"] = mutator.OneIn(10) ? mutator.Text(Verbs) : mutator.Pick<string>(Verbs),
                ["CNI_CONTAINERID"] = mutator.OneIn(4) ? mutator.Text("c1") : "c1",
                ["CNI_NETNS"] = mutator.OneIn(4) ? mutator.Text("/run/netns/n") : "/run/netns/there-is-none",
                ["CNI_IFNAME"] = mutator.OneIn(4) ? mutator.Text("eth0") : "eth0",
                ["CNI_ARGS"] = mutator.Text("IgnoreUnknown=1;K8S_POD_NAME=p;IP=10.1.0.5"),
                ["CNI_PATH"] = "/opt/cni/bin",
            };
            // A zero byte can't be in an environment.
            foreach (var (name, value) in variables)
                variables[name] = value?.Replace("\0", "", StringComparison.Ordinal);
            var (exit, stdout, stderr) = run(variables, stdin);
            CniProperty.Holds(
                exit, stdout, stderr,
                [Encoding.UTF8.GetString(stdin), Encoding.UTF8.GetString(answer), .. variables.Values.OfType<string>()]);
            if (exit == 0 && variables["CNI_COMMAND"] == "ADD")
                Assert.NotEqual("", stdout);
        });
    }
}
