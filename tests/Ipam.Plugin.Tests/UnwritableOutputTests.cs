using Ipam.Plugin.Tests.Support;

namespace Ipam.Plugin.Tests;

public sealed class UnwritableOutputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresTheory("ipam")]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("> /dev/full 2> /dev/full")]
    public void A_lease_that_the_published_plugin_can_not_report_is_given_back_and_it_ends_with_1(string redirections)
    {
        using var service = FakeService.Answering(_folder.Combine("s"), FakeService.Http(200, "{}"));
        var variables = new Dictionary<string, string?>
        {
            ["CNI_COMMAND"] = "ADD",
            ["CNI_CONTAINERID"] = "c1",
            ["CNI_NETNS"] = "/run/netns/there-is-none",
            ["CNI_IFNAME"] = "eth0",
            ["CNI_PATH"] = "/opt/cni/bin",
        };

        var outcome = Published.Run(redirections, variables, new Call("ADD", _folder.Combine("s")).Stdin);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Stdout));
        Assert.Equal(["POST /cni/add HTTP/1.1", "POST /cni/del HTTP/1.1"], service.Requests.Select(static request => request.Split("\r\n")[0]));
    }
}
