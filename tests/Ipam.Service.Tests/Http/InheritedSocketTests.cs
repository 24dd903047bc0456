using System.Globalization;
using Ipam.Service.Http;

namespace Ipam.Service.Tests.Http;

/// <summary>What is handed over to ipamd, by the variables. With real sockets: EndToEnd, KeptSocketTests.</summary>
public sealed class InheritedSocketTests
{
    private static readonly string ThisProcess = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    public void What_is_for_another_process_is_left_alone(string? process) =>
        Assert.Null(InheritedSocket.Take("/run/ipam/ipamd.sock", name => name == "LISTEN_PID" ? process : "1"));

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    public void More_or_fewer_than_one_are_refused(string count)
    {
        var error = Assert.Throws<IOException>(() => InheritedSocket.Take("/run/ipam/ipamd.sock", name => name == "LISTEN_PID" ? ThisProcess : count));

        Assert.Equal($"systemd hands over {count} sockets, wanted is one: leave one ListenStream= in ipamd.socket", error.Message);
    }
}
