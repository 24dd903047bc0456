using Cni.Protocol;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Verbs;

/// <summary>GC gives back what the runtime doesn't list, and without a list only what is gone for certain.</summary>
public sealed class GcVerbTests : IAsyncLifetime, IDisposable
{
    private const string Ipam = """
        "ranges": [[{ "subnet": "10.1.0.0/16" }], [{ "subnet": "fd00::/64" }]]
        """;

    private readonly TempFolder _folder = new();
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("""
        "cni.dev/valid-attachments": null
        """)]
    public async Task Without_a_list_only_a_file_missing_from_a_folder_that_is_there_counts(string list)
    {
        await File.WriteAllTextAsync(_folder.Combine("here"), "");
        await AddAsync("here", _folder.Combine("here"));
        await AddAsync("gone", _folder.Combine("gone"));
        await AddAsync("unseen", "/run/there-is-no-such-folder/unseen");
        await AddAsync("process", "/proc/4194305/ns/net");
        await AddAsync("relative", "netns/relative");

        await GcAsync(list);

        Assert.Equal(["here", "process", "relative", "unseen"], await HoldersAsync());
    }

    [Fact]
    public async Task With_a_list_the_list_counts_and_not_the_namespaces()
    {
        await File.WriteAllTextAsync(_folder.Combine("here"), "");
        await AddAsync("here", _folder.Combine("here"));
        await AddAsync("listed", _folder.Combine("gone"));

        await GcAsync("""
            "cni.dev/valid-attachments": [{ "containerID": "listed", "ifname": "eth0" }, { "containerID": "unknown", "ifname": "eth0" }]
            """);

        Assert.Equal(["listed"], await HoldersAsync());
    }

    [Fact]
    public async Task Many_leases_over_many_blocks_go_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => AddAsync($"c{i}", _folder.Combine("gone"))));
        var commits = (await _daemon.MetricsAsync())["ipamsuite_commit_requests_count"];

        await GcAsync("\"cni.dev/valid-attachments\": []");

        Assert.Empty(await HoldersAsync());
        Assert.InRange((await _daemon.MetricsAsync())["ipamsuite_commit_requests_count"] - commits, 1, 60);
    }

    [Fact]
    public async Task When_the_store_fails_half_way_the_rest_is_left_for_the_next_time()
    {
        await AddAsync("a", _folder.Combine("gone"));
        _daemon.Store.Break("gone");
        (await _daemon.Client.CallAsync("gc", NetworkJson.Text(Ipam, "\"cni.dev/valid-attachments\": []"), null)).EnsureError(11);
        _daemon.Store.Mend();
        Assert.Equal(["a"], await HoldersAsync());

        await GcAsync("\"cni.dev/valid-attachments\": []");

        Assert.Empty(await HoldersAsync());
    }

    [RootFact("unshare", "nsenter")]
    public async Task Without_a_list_a_namespace_that_was_replaced_is_gone_and_one_that_is_out_of_sight_is_not()
    {
        using var containers = new ContainerNamespaces();
        foreach (var name in (string[])["lives", "replaced", "removed", "unmounted"])
        {
            var path = containers.Create(name);
            await AddAsync(name, path, ("IPAM-Namespace", NamespaceMark.Of(path).ToString()));
        }
        containers.Create("replaced");
        containers.Remove("removed");
        containers.Unmount("unmounted");

        using (Mount.Small(containers.Folder, kilobytes: 64))
            await GcAsync("\"cni.dev/valid-attachments\": null");
        Assert.Equal(["lives", "removed", "replaced", "unmounted"], await HoldersAsync());

        await GcAsync("\"cni.dev/valid-attachments\": null");
        Assert.Equal(["lives", "unmounted"], await HoldersAsync());
    }

    private async Task AddAsync(string container, string netns, params (string Name, string Value)[] more) =>
        (await _daemon.Client.CallAsync("add", NetworkJson.Text(Ipam), container, [("CNI_NETNS", netns), .. more])).EnsureOk();

    private async Task GcAsync(string list) => (await _daemon.Client.CallAsync("gc", NetworkJson.Text(Ipam, list), null)).EnsureOk();

    private async Task<List<string>> HoldersAsync()
    {
        var leases = new List<Lease>();
        await foreach (var page in _daemon.Store.ListBlocksAsync(BlockFilter.All, default))
            leases.AddRange(page.SelectMany(static block => block.Leases));
        return [.. leases.Select(static lease => lease.Owner.ContainerId).Distinct().Order()];
    }
}
