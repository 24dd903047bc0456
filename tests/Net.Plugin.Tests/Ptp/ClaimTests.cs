using System.Diagnostics;
using System.Net.Sockets;
using Net.Plugin.Attachments;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Ptp;

public class ClaimTests
{
    private const string Address = """{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.2/24","gateway":"10.1.2.1"}]}""";

    [RootFact("ip", "net-ptp")]
    public void What_any_user_of_the_host_can_hold_keeps_no_ADD_and_no_DEL()
    {
        using var host = new PtpHost();
        new FakeIpam(host).Answers("ADD", Address);
        var container = host.NewContainer();
        var tag = new AttachmentTag("mynet", container.Name, "eth0");
        using var name = host.Namespace.Namespace.Run(() =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint($"\0net-ptp/{tag.Key}"));
            socket.Listen();
            return socket;
        });
        var start = Stopwatch.GetTimestamp();
        host.Add(container).Must();
        host.Del(container).Must();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.False(File.Exists($"/run/net-ptp/{tag.Key}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode("/run/net-ptp"));
    }

    [RootFact("ip", "net-ptp")]
    public void A_DEL_gives_back_no_address_while_the_IPAM_plugin_of_a_killed_ADD_still_runs_and_says_so()
    {
        using var host = new PtpHost();
        var ipam = new FakeIpam(host).Answers("ADD", Address).Does("ADD", "while [ ! -e \"$here/go\" ]; do sleep 0.05; done\n");
        var container = host.NewContainer();
        using (var add = host.Start(host.Plugin, "ADD", container.FilePath, "eth0", container.Name, host.Configuration.ToJsonString()))
        {
            Wait.Until(() => ipam.Verbs is ["ADD"] && host.Namespace.Ip("-br link show type veth").Length > 0);
            Command.Run("kill", "-9", $"{add.Id}");
            add.WaitForExit();
        }

        var refused = host.Del(container).MustFail();

        Assert.Equal(11, refused.Code);
        Assert.Contains($"another call is still at work on eth0 of container {container.Name} in network mynet; its addresses are not given back yet", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["ADD"], ipam.Verbs);
        Assert.Equal("", host.Namespace.Ip("-br link show type veth"));
        File.WriteAllText(Path.Combine(host.Folder, FakeIpam.Type, "go"), "");
        host.Del(container).Must();
        Assert.Equal(["ADD", "DEL"], ipam.Verbs);
    }
}
