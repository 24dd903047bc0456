using System.Net;
using System.Text;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Core.Pools;
using Ipam.Service.Tests.Support;
using Ipam.Stores.Pools;
using Testing.Fuzzing;

namespace Ipam.Service.Tests.Fuzzing;

/// <summary>Odd requests, spooled files and pool documents: each is served or refused in a sentence, and never a fault of ipamd's own.</summary>
public sealed class ServiceFuzzTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private static readonly string[] Networks =
    [
        NetworkJson.Text("\"subnet\": \"10.60.0.0/24\", \"routes\": [{ \"dst\": \"0.0.0.0/0\", \"gw\": \"10.60.0.1\", \"mtu\": 1400, \"table\": 7, \"scope\": 0 }], \"space\": \"fuzz\""),
        NetworkJson.Text("""
            "ranges": [[{ "subnet": "10.61.0.0/24", "rangeStart": "10.61.0.9", "exclude": ["10.61.0.64/28", "10.61.0.9-10.61.0.12"] }], [{ "subnet": "fd00:61::/64", "gateway": "fd00:61::9" }]],
            "order": "random", "affinity": "node", "strict": true, "cooldownSeconds": 5, "reuseResting": true, "status": "strict", "statusGraceSeconds": 9, "resolvConf": "/etc/hostname"
            """, "\"runtimeConfig\": { \"ips\": [\"10.61.0.20/24\"], \"ipRanges\": [[{ \"subnet\": \"10.62.0.0/24\" }]] }, \"args\": { \"cni\": { \"ips\": [\"fd00:61::77\"] } }"),
        NetworkJson.Text("\"pools\": [\"blue\"], \"subnet\": \"10.63.0.0/30\"", """
            "prevResult": { "cniVersion": "1.1.0", "ips": [{ "address": "10.63.0.2/30", "gateway": "10.63.0.1" }], "routes": [{ "dst": "::/0" }], "dns": { "nameservers": ["10.0.0.1"] } },
            "cni.dev/valid-attachments": [{ "containerID": "c1", "ifname": "eth0" }], "dns": { "search": ["a.example"] }
            """),
    ];

    private static readonly string[] Texts =
        ["eth0", "c1", "/run/netns/x", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_UID=1-2-3", "IP=10.60.0.9"];

    [Fact]
    public void Every_request_is_served_or_refused() => FuzzRun.For(0.12, mutator =>
    {
        var verb = mutator.Pick("add", "del", "check", "status", "gc");
        var body = mutator.Json(Networks);
        var headers = new List<(string, string)>();
        foreach (var name in (ReadOnlySpan<string>)["CNI_CONTAINERID", "CNI_IFNAME", "CNI_NETNS", "CNI_ARGS"])
        {
            if (mutator.OneIn(4))
                headers.Add((name, Uri.EscapeDataString(WithoutHalves(mutator.Text(Texts)))));
        }
        var answer = service.Client.CallAsync(verb, new ByteArrayContent(body), "fuzz", default, [.. headers]).GetAwaiter().GetResult();
        var what = $"{verb}: {(int)answer.Status} {answer.Body}";
        if (answer.Status == HttpStatusCode.OK)
        {
            Assert.True(answer.Body.Length == 0 || CniProperty.IsObject(answer.Body), what);
            return;
        }
        // The header alone may be more than the web server takes.
        if (answer.Body.Length == 0 && answer.Status is HttpStatusCode.RequestHeaderFieldsTooLarge or HttpStatusCode.BadRequest)
            return;
        Assert.True(CniProperty.IsError(answer.Body), what);
        Assert.True(answer.Error.Code != CniErrorCode.Internal, what);
        CniProperty.IsReadable(answer.Body, what, [Encoding.UTF8.GetString(body), .. headers.Select(static header => Uri.UnescapeDataString(header.Item2))]);
    });

    [Fact]
    public void Every_spooled_file_is_a_request_or_set_aside()
    {
        using var folder = new TempFolder();
        var spool = new SpoolFolder(folder.Path);
        spool.Write(new SpooledRequest(
            "net", new CniEnvironment { Command = CniCommand.Del, ContainerId = "c1", IfName = "eth0", Args = "K8S_POD_NAME=x" }, Encoding.UTF8.GetBytes(Networks[2]), DateTimeOffset.UnixEpoch)
        {
            Asked = new MonotonicMoment(MonotonicMoment.ThisClock(), 5),
        });
        var path = spool.List()[0];
        var seed = File.ReadAllText(path);
        FuzzRun.For(0.04, mutator =>
        {
            File.WriteAllBytes(path, mutator.Json(seed));
            var fault = Record.Exception(() => SpoolFolder.Read(path));
            Assert.True(fault is null or InvalidDataException, $"{fault}");
        });
    }

    [Fact]
    public void Every_pool_document_is_a_pool_or_refused() => FuzzRun.For(0.04, static mutator =>
    {
        var fault = Record.Exception(() =>
        {
            using var json = JsonDocument.Parse(mutator.Json("""
                {
                    "space": "default", "ranges": [{ "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.5", "rangeEnd": "10.1.0.9", "gateway": "10.1.0.1", "exclude": ["10.1.0.7"] }],
                    "routes": [{ "dst": "0.0.0.0/0", "gw": "10.1.0.1" }], "order": "next", "affinity": "node", "strict": true, "cooldownSeconds": 60, "reuseResting": false,
                    "nodeSelector": { "nodes": ["a"], "labels": { "zone": "east" } }, "namespaces": ["shop"], "disabled": false
                }
                """));
            if (PoolRules.Check(PoolJson.Read("blue", json.RootElement)) is { } problem)
                Assert.NotEmpty(problem);
        });
        Assert.True(fault is null or FormatException or JsonException, $"{fault}");
    });

    /// <summary>A header is bytes: half of a surrogate pair can't get into one.</summary>
    private static string WithoutHalves(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
