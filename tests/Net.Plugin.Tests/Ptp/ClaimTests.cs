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
}
