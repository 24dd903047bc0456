using System.Globalization;
using Cni.Protocol;
using Ipam.Core.Blocks;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Namespaces;

/// <summary>A lease remembers for which network namespace it is.</summary>
public sealed class IdentityTests(DaemonFixture service) : IClassFixture<DaemonFixture>
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.3.0.0/16"
        """);

    private static readonly string OfThisProcess = $"/proc/{Environment.ProcessId}/ns/net";

    private static readonly NamespaceMark Mark = NamespaceMark.Of(OfThisProcess);

    private static uint Boot => uint.Parse(MonotonicMoment.ThisBoot()[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [Fact]
    public async Task Of_a_namespace_that_ipamd_sees_itself_the_folder_is_known_too()
    {
        var identity = (await AddAsync("seen", OfThisProcess, Mark.ToString())).NamespaceIdentity;

        Assert.True(identity.WasSeen);
        Assert.Equal(new NamespaceIdentity(Boot, Mark.Inode, identity.Folder), identity);
    }

    [Theory]
    [InlineData("/proc/self/ns/net")]
    [InlineData("/run/netns/there-is-none")]
    [InlineData("/dev/null")]
    [InlineData("relative")]
    [InlineData("/run/%00")]
    public async Task One_that_ipamd_cannot_be_sure_to_see_is_known_by_what_the_plugin_says(string path) =>
        Assert.Equal(new NamespaceIdentity(Boot, 77, 0), (await AddAsync($"unseen-{path.GetHashCode(StringComparison.Ordinal)}", path, $"{MonotonicMoment.ThisBoot()}@77")).NamespaceIdentity);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("12345@0")]
    [InlineData("1f2e3d4c-0000-4000-8000-000000000000@77")]
    public async Task Without_a_word_of_the_plugin_nothing_is_known(string header) =>
        Assert.False((await AddAsync($"unknown-{header.Length}", OfThisProcess, header)).NamespaceIdentity.IsKnown);

    [Fact]
    public async Task An_ADD_from_another_namespace_moves_the_lease_there()
    {
        var before = await AddAsync("moves", "/run/netns/one", $"{MonotonicMoment.ThisBoot()}@77");
        var after = await AddAsync("moves", OfThisProcess, Mark.ToString());

        Assert.Equal(before.Address, after.Address);
        Assert.Equal((OfThisProcess, Mark.Inode), (after.NetworkNamespace, after.NamespaceIdentity.Inode));
        Assert.True(after.Sequence > before.Sequence);
    }

    [Fact]
    public async Task CHECK_notices_another_namespace_and_nothing_else()
    {
        var lease = await AddAsync("checked", OfThisProcess, Mark.ToString());

        (await service.Client.CallAsync("check", Network, "checked")).EnsureOk();
        (await service.Client.CallAsync("check", Network, "checked", ("CNI_NETNS", OfThisProcess), ("IPAM-Namespace", Mark.ToString()))).EnsureOk();
        var answer = await service.Client.CallAsync("check", Network, "checked", ("CNI_NETNS", "/run/netns/one"), ("IPAM-Namespace", $"{MonotonicMoment.ThisBoot()}@77"));
        Assert.Equal(
            $"address {lease.Address} is held by the container in another network namespace: net:[{Mark.Inode}] of boot {Boot:x8}, and CNI_NETNS is net:[77] of boot {Boot:x8}",
            answer.EnsureError(102).Message);
    }

    private async Task<Lease> AddAsync(string container, string path, string mark)
    {
        (await service.Client.CallAsync("add", Network, container, ("CNI_NETNS", path), ("IPAM-Namespace", mark))).EnsureOk();
        return Assert.Single(await service.Daemon.LeasesOf(container));
    }
}
