using System.Net;
using System.Net.Http.Headers;
using EndToEnd.Pools;
using EndToEnd.Support;
using EndToEnd.Support.Stores;

namespace EndToEnd.History;

/// <summary>On Kubernetes each node keeps what it did to leases, and tells it to who may know.</summary>
[Collection(ClusterCollection.Name)]
public sealed class NodeHistoryTests(ClusterFixture cluster) : IAsyncLifetime, IDisposable
{
    private const string Address = "10.60.0.5";

    /// <summary>One address for all.</summary>
    private static readonly NetworkConfig Network = new("told")
    {
        Ipam = $$""" "subnet": "10.60.0.0/24", "rangeStart": "{{Address}}", "rangeEnd": "{{Address}}", "cooldownSeconds": 0 """,
    };

    private readonly TempFolder _files = new();
    private ReviewingProxy _reviewing = null!;
    private Site _elsewhere = null!;

    public async Task InitializeAsync()
    {
        _reviewing = await ReviewingProxy.StartAsync(cluster.Port);
        _elsewhere = new Site(store: $"kubernetes:{_files.Write("kubeconfig", Kubeconfig(_reviewing.Url))}?renewSeconds=4");
    }

    public async Task DisposeAsync() => await _reviewing.DisposeAsync();

    public void Dispose()
    {
        _elsewhere.Dispose();
        _files.Dispose();
    }

    [StoreFact("kubernetes")]
    public async Task All_nodes_are_asked_who_held_an_address_and_those_that_do_not_answer_are_named()
    {
        await using var first = await JoinAsync("told-1");
        await using var second = await JoinAsync("told-2");

        first.Site.Add(Network, "one").EnsureSuccess();
        first.Site.Del(Network, "one").EnsureSuccess();
        second.Site.Add(Network, "two").EnsureSuccess();
        second.Site.Del(Network, "two").EnsureSuccess();
        first.Site.Add(Network, "three").EnsureSuccess();

        // The cluster has nodes of other tests, too, which serve no history.
        var told = Ipamctl.TryRun(_elsewhere, "history", Address, "--space", Network.Name, "-o", "csv");
        Assert.Equal(
            ["one told-1 add del", "two told-2 add del", "three told-1 add "],
            Rows(told).Select(static row => $"{row["CONTAINER"]} {row["NODE"]} {row["BEGIN"]} {row["END"]}"));
        var times = Rows(told).SelectMany(static row => (string[])[row["BEGAN"], row["ENDED"]]).Where(static time => time.Length > 0).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.DoesNotContain("told-", told.Stderr, StringComparison.Ordinal);
        Assert.Equal(["two"], Rows(Ipamctl.TryRun(_elsewhere, "history", "told-2", "-o", "csv")).Select(static row => row["CONTAINER"]));

        await second.Ipamd.KillAsync();
        var partly = Ipamctl.TryRun(_elsewhere, "history", Address, "--space", Network.Name, "-o", "csv");
        Assert.Equal(["one", "three"], Rows(partly).Select(static row => row["CONTAINER"]));
        Assert.Equal(5, partly.ExitCode);
        Assert.Contains("not shown: the history of told-2: it can't be reached from here (Connection refused); ask on the node, or in the cluster", partly.Stderr, StringComparison.Ordinal);
        // Where the file is, all is told of that node.
        var there = Command.TryRun("env", $"IPAM_SPOOL={second.Site.Spool}", Repository.Ipamctl, "--store", _elsewhere.Store, "history", "two", "-o", "csv");
        Assert.Equal(["two"], Rows(there).Select(static row => row["CONTAINER"]));
        // Others share the cluster, and would wait for a sign of it.
        await using var again = await Ipamd.StartAsync(second.Site, "--node", "told-2", "--role", "node");
        Assert.Equal(0, await again.StopAsync());
    }

    [StoreFact("kubernetes")]
    public async Task Nobody_is_answered_without_a_token_that_was_made_for_it_and_may_look()
    {
        var port = Ports.Free();
        await using var node = await JoinAsync("asked", port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        await RefusesAsync(HttpStatusCode.Unauthorized, "a token of the cluster for ipamsuite.dev/history is wanted", "/history", null);
        await RefusesAsync(HttpStatusCode.Unauthorized, "the cluster doesn't know this token, or not for ipamsuite.dev/history", "/history", "nonsense");
        // One that is good for the API server, of an account that may list all: a node can't be told the credentials of others.
        await RefusesAsync(HttpStatusCode.Unauthorized, "the cluster doesn't know this token, or not for ipamsuite.dev/history", "/history", KubernetesServer.ServiceToken);
        await RefusesAsync(HttpStatusCode.Unauthorized, "or not for ipamsuite.dev/history", "/history", await TokenAsync("ipam-history", "somebody.else"));
        const string rbac = "apis/rbac.authorization.k8s.io/v1/namespaces/ipamsuite";
        await cluster.Admin.MustAsync(HttpMethod.Post, $"{rbac}/roles", """
            {"metadata":{"name":"tokens-of-nobody"},"rules":[{"apiGroups":[""],"resources":["serviceaccounts/token"],"resourceNames":["nobody"],"verbs":["create"]}]}
            """);
        await cluster.Admin.MustAsync(HttpMethod.Post, $"{rbac}/rolebindings", """
            {"metadata":{"name":"tokens-of-nobody"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"tokens-of-nobody"},
             "subjects":[{"kind":"ServiceAccount","name":"ipamd","namespace":"ipamsuite"}]}
            """);
        await RefusesAsync(HttpStatusCode.Forbidden, "'system:serviceaccount:ipamsuite:nobody' may not list", "/history", await TokenAsync("nobody", "ipamsuite.dev/history"));
        var good = await TokenAsync("ipam-history", "ipamsuite.dev/history");
        await RefusesAsync(HttpStatusCode.BadRequest, "address 'x' is no address", "/history?address=x", good);
        await RefusesAsync(HttpStatusCode.BadRequest, "since '-1' is no time", "/history?since=-1", good);
        await RefusesAsync(HttpStatusCode.NotFound, "there are GET /history", "/metrics", good);
        await RefusesAsync(HttpStatusCode.NotFound, "there are GET /history", "/cni/add", good);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/history?holder=x", good)).StatusCode);

        async Task RefusesAsync(HttpStatusCode status, string reason, string path, string? token)
        {
            using var answer = await AskAsync(path, token);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Task<HttpResponseMessage> AskAsync(string path, string? token)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return http.SendAsync(request);
        }

        async Task<string> TokenAsync(string account, string audience)
        {
            using var api = new HttpClient { BaseAddress = new Uri(_reviewing.Url) };
            api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KubernetesServer.ServiceToken);
            using var body = new StringContent($$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["{{{audience}}}"]}}""", new MediaTypeHeaderValue("application/json"));
            var path = $"/api/v1/namespaces/ipamsuite/serviceaccounts/{account}/token";
            // Until the server's authorizer has heard of the binding; only asking tells.
            await Wait.UntilAsync(async () => (await api.PostAsync(path, body)).IsSuccessStatusCode, $"a token of {account}");
            using var answer = await api.PostAsync(path, body);
            return JsonText.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("status").GetProperty("token").GetString()!;
        }
    }

    [StoreFact("kubernetes")]
    public async Task What_an_admin_ended_is_told_at_once_and_by_the_node_once_it_has_written_the_block()
    {
        await using var node = await JoinAsync("ended");
        var network = new NetworkConfig("ended") { Ipam = """ "subnet": "10.60.1.0/24", "rangeStart": "10.60.1.5", "rangeEnd": "10.60.1.5", "cooldownSeconds": 0 """ };
        node.Site.Add(network, "former").EnsureSuccess();
        var released = Ipamctl.TryRun(_elsewhere, "lease", "release", "10.60.1.5", "--space", "ended", "--force", "--yes");
        Assert.True(released.ExitCode == 0, released.ToString());

        string[] ended = ["former add admin"];
        Assert.Equal(ended, Told());
        Assert.Contains("\"ended\":[", await BlockAsync(), StringComparison.Ordinal);

        node.Site.Add(network, "next").EnsureSuccess();
        Assert.DoesNotContain("\"ended\":[", await BlockAsync(), StringComparison.Ordinal);
        Assert.Equal([.. ended, "next add "], Told());

        string[] Told() => [.. Rows(Ipamctl.TryRun(_elsewhere, "history", "10.60.1.5", "--space", "ended", "-o", "csv")).Select(static row => $"{row["CONTAINER"]} {row["BEGIN"]} {row["END"]}")];
        Task<string> BlockAsync() => cluster.Admin.MustAsync(HttpMethod.Get, "apis/ipamsuite.dev/v1alpha1/ipblocks?labelSelector=ipamsuite.dev%2Fspace%3Dended");
    }

    private async Task<JoinedNode> JoinAsync(string node, int? port = null)
    {
        var site = new Site(store: _elsewhere.Store);
        return new JoinedNode(site, await Ipamd.StartAsync(site, "--node", node, "--role", "node", "--serve-history", $"127.0.0.1:{port ?? Ports.Free()}"));
    }

    private static string Kubeconfig(string url) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test, namespace: ipamsuite}}]
        clusters: [{name: test, cluster: {server: "{{{url}}}"}}]
        users: [{name: test, user: {token: {{{KubernetesServer.ServiceToken}}}}}]
        """;

    private static List<Dictionary<string, string>> Rows(CommandOutcome outcome)
    {
        var lines = outcome.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 0, outcome.ToString());
        var titles = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => titles.Zip(line.Split(',')).ToDictionary(static pair => pair.First, static pair => pair.Second))];
    }
}
