using System.Text;
using Cni.Protocol;
using Ipam.Plugin.Service;
using Ipam.Plugin.Tests.Support;

namespace Ipam.Plugin.Tests.Service;

/// <summary>What goes over the wire; no value can become anything but itself.</summary>
public sealed class RequestBytesTests
{
    private static readonly Call Usual = new("ADD", "/s") { Args = "IgnoreUnknown=1;K8S_POD_NAME=p" };

    [Fact]
    public void A_request_to_the_byte() => Assert.Equal(
        "POST /cni/add HTTP/1.1\r\nHost: ipamd\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        + "CNI_CONTAINERID: c1\r\nCNI_NETNS: /run/netns/there-is-none\r\nCNI_IFNAME: eth0\r\nCNI_ARGS: IgnoreUnknown=1;K8S_POD_NAME=p\r\n\r\n{}",
        Text(Usual.RequestWith("{}")));

    [Fact]
    public void What_is_empty_is_left_out() => Assert.Equal(
        "POST /cni/add HTTP/1.1\r\nHost: ipamd\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n",
        Text((Usual with { ContainerId = "", NetNs = "", IfName = "", Args = "" }).RequestWith("")));

    [Fact]
    public void The_namespace_is_said_where_it_is_known() => Assert.EndsWith(
        "CNI_IFNAME: eth0\r\nIPAM-Namespace: 1f2e3d4c-0000-4000-8000-000000000000@4026532281\r\n\r\n{}",
        Text((Usual with { Args = "" }).RequestWith("{}") with { Namespace = new NamespaceMark("1f2e3d4c-0000-4000-8000-000000000000", 4026532281) }),
        StringComparison.Ordinal);

    [Fact]
    public void The_body_is_stdin_byte_for_byte()
    {
        var stdin = Enumerable.Range(0, 256).Select(static i => (byte)i).ToArray();
        var request = Usual.Request with { Stdin = stdin };

        Assert.Equal(stdin, RequestBytes.Of("/cni/add", request, [])[^256..]);
    }

    [Theory]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("a\r\nCNI_IFNAME: eth9", "a%0D%0ACNI_IFNAME:%20eth9")]
    [InlineData("a\r\n\r\nbody", "a%0D%0A%0D%0Abody")]
    [InlineData("100%", "100%25")]
    [InlineData("%0A", "%250A")]
    [InlineData(" a\t", "%20a%09")]
    [InlineData("\0", "%00")]
    [InlineData("ä€😀", "%C3%A4%E2%82%AC%F0%9F%98%80")]
    [InlineData("\u007f", "%7F")]
    [InlineData("a=b;c=d,e:f/~", "a=b;c=d,e:f/~")]
    public void What_a_header_cannot_hold_is_percent_encoded(string value, string written)
    {
        var text = Text((Usual with { Args = value }).RequestWith("{}"));

        Assert.Contains($"\r\nCNI_ARGS: {written}\r\n\r\n{{}}", text, StringComparison.Ordinal);
        Assert.Equal(11, text.Split("\r\n").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_value_forges_a_header_and_each_comes_back_as_it_was(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1000; round++)
        {
            var call = Usual with { ContainerId = Hostile(random), NetNs = Hostile(random), IfName = Hostile(random), Args = Hostile(random) };

            var lines = Text(call.RequestWith("{}")).Split("\r\n");

            Assert.Equal("", lines[^2]);
            Assert.Equal("{}", lines[^1]);
            var expected = new[] { (CniVariable.ContainerId, call.ContainerId), (CniVariable.NetNs, call.NetNs), (CniVariable.IfName, call.IfName), (CniVariable.Args, call.Args) };
            Assert.Equal(expected.Where(static variable => variable.Item2.Length > 0), lines[5..^2].Select(Decode));
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_reason_to_fail() =>
        Assert.Contains("CNI_ARGS: a%EF%BF%BD\r\n", Text((Usual with { Args = "a\ud800" }).RequestWith("")), StringComparison.Ordinal);

    private static (string, string) Decode(string line)
    {
        Assert.All(line, static c => Assert.InRange(c, ' ', '~'));
        var parts = line.Split(": ", 2);
        return (parts[0], Uri.UnescapeDataString(parts[1]));
    }

    private static string Hostile(Random random)
    {
        string[] parts = ["\r\n", "\n", "\r", "%", "%0A", ":", " ", "\t", "\0", "ä", "😀", "CNI_IFNAME: x", "Content-Length: 0", "\u0085", "\u2028", "a", "/"];
        return string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)]));
    }

    private static string Text(PluginRequest request) => Encoding.Latin1.GetString(RequestBytes.Of("/cni/add", request, []));
}
