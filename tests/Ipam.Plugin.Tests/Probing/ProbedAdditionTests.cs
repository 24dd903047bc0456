using System.Net.Sockets;
using System.Text;
using Ipam.Plugin.Tests.Support;

namespace Ipam.Plugin.Tests.Probing;

/// <summary>What is told to the service, and when the plugin gives up: all with a real host on the wire, and a service of the test.</summary>
public sealed class ProbedAdditionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _requests = [];

    private string Path => _folder.Combine("s");

    public void Dispose() => _folder.Dispose();

    [RootFact("ip")]
    public void The_service_is_told_what_is_in_use_and_its_next_answer_is_asked_for_too()
    {
        using var host = new OtherHost().With("10.214.2.2/24", "10.214.2.3/24", "fd14:2::2/64");
        using var service = Serving(["10.214.2.2/24", "fd14:2::2/64"], ["10.214.2.3/24", "fd14:2::3/64"], ["10.214.2.4/24", "fd14:2::3/64"]);

        var (code, output, _) = Probing(host.Wire).Run();

        Assert.Equal((0, Result("10.214.2.4/24", "fd14:2::3/64")), (code, output));
        Assert.Equal(["", $"10.214.2.2={host.Mac},fd14:2::2={host.Mac}", $"10.214.2.3={host.Mac}"], _requests.Select(Conflicts));
        Assert.All(_requests, static request => Assert.StartsWith("POST /cni/add ", request, StringComparison.Ordinal));
    }

    [RootFact("ip")]
    public void After_eight_answers_in_a_row_it_gives_up_and_gives_back()
    {
        using var host = new OtherHost();
        host.Ip("addr", "add", "10.214.2.1/24", "dev", "eth0");
        host.Ip("route", "add", "local", "10.214.2.0/24", "dev", "lo");
        using var service = Serving([.. Enumerable.Range(2, 20).Select(static number => (string[])[$"10.214.2.{number}/24"])]);

        var error = Probing(host.Wire).Fail(11);

        Assert.StartsWith($"8 times in a row somebody answered on {host.Wire} for an address that was to be handed out: 10.214.2.2 ({host.Mac}), 10.214.2.3 (", error.Message, StringComparison.Ordinal);
        Assert.Equal((9, "/cni/del"), (_requests.Count, _requests[^1].Split(' ')[1]));
    }

    [RootFact("ip")]
    public void One_that_is_given_again_is_asked_for_again()
    {
        using var host = new OtherHost().With("10.214.2.2/24");
        using var service = Serving(["10.214.2.2/24", "10.214.2.9/24"]);

        Assert.StartsWith("8 times in a row somebody answered ", Probing(host.Wire).Fail(11).Message, StringComparison.Ordinal);

        Assert.Equal(Enumerable.Repeat($"10.214.2.2={host.Mac}", 7), _requests[1..^1].Select(Conflicts));
    }

    [RootFact("ip")]
    public void For_what_a_machine_that_moves_had_before_nobody_is_asked()
    {
        using var host = new OtherHost().With("10.214.2.2/24", "fd14:2::2/64");
        using var service = Serving("10.214.2.2", ["10.214.2.2/24", "fd14:2::2/64"], ["10.214.2.2/24", "fd14:2::3/64"]);

        Assert.Equal((0, Result("10.214.2.2/24", "fd14:2::3/64")), (Probing(host.Wire).Run() is var (code, output, _) ? (code, output) : default));
        Assert.Equal(["", $"fd14:2::2={host.Mac}"], _requests.Select(Conflicts));
    }

    [RootFact]
    public void What_was_handed_out_is_given_back_if_nobody_can_be_asked()
    {
        using var service = Serving(["10.214.2.2/24"]);

        Assert.Equal("ipam: can't probe on no-such-wire: there is no such interface on this host", Probing("no-such-wire").Fail(7).Message);

        Assert.Equal(["/cni/add", "/cni/del"], _requests.Select(static request => request.Split(' ')[1]));
    }

    [RootTheory("ip")]
    [InlineData("\"type\": \"bridge\", \"bridge\": \"WIRE\"", true)]
    [InlineData("\"type\": \"macvlan\", \"master\": \"WIRE\"", true)]
    [InlineData("\"type\": \"ipvlan\", \"master\": \"WIRE\"", true)]
    [InlineData("\"type\": \"bridge\", \"bridge\": \"WIRE\", \"vlan\": 7", false)]
    [InlineData("\"type\": \"vlan\", \"master\": \"WIRE\"", false)]
    [InlineData("\"type\": \"macvlan\"", false)]
    public void The_interface_is_the_main_plugins_where_that_has_one(string main, bool isKnown)
    {
        using var host = new OtherHost().With("10.214.2.2/24");
        using var service = Serving(["10.214.2.2/24"], ["10.214.2.3/24"]);
        var call = Probing(null) with { Main = main.Replace("WIRE", host.Wire, StringComparison.Ordinal) };

        if (isKnown)
            Assert.Equal(Result("10.214.2.3/24"), call.Run().Output);
        else
            Assert.Equal("ipam: probe is set, and nothing says on which interface", call.Fail(7).Message);
        Assert.Equal(isKnown ? 2 : 0, _requests.Count);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("null")]
    public void Without_the_key_nobody_is_asked(string probe)
    {
        using var service = Serving(["10.214.2.2/24"]);
        Assert.Equal(Result("10.214.2.2/24"), (new Call("ADD", Path) { Ipam = $"\"probe\": {probe}, \"probeInterface\": \"no-such-wire\"" }).Run().Output);
        Assert.Single(_requests);
    }

    [Fact]
    public void The_key_is_true_or_false() =>
        Assert.Contains("\"probe\" must be true or false", (new Call("ADD", Path) { Ipam = "\"probe\": \"yes\"" }).Fail(6).Message, StringComparison.Ordinal);

    private Call Probing(string? wire) => new("ADD", Path) { Ipam = $"\"probe\": true{(wire is null ? "" : $", \"probeInterface\": \"{wire}\"")}" };

    /// <summary>A service that gives these answers one after the other, the last one for ever.</summary>
    private FakeService Serving(params string[][] answers) => Serving("", answers);

    private FakeService Serving(string moved, params string[][] answers) => new(Path, socket =>
    {
        var request = FakeService.ReadRequest(socket);
        string[] addresses;
        lock (_requests)
        {
            addresses = answers[Math.Min(_requests.Count, answers.Length - 1)];
            _requests.Add(request);
        }
        var answer = FakeService.Http(200, request.Contains("/cni/add", StringComparison.Ordinal) ? Result(addresses) : "");
        socket.Send(Encoding.UTF8.GetBytes(moved.Length > 0 ? answer.Replace("Date: today", $"ipam-moved: {moved}", StringComparison.Ordinal) : answer));
        socket.Shutdown(SocketShutdown.Send);
    });

    private static string Result(params string[] addresses) =>
        $$"""{"cniVersion":"1.1.0","ips":[{{string.Join(',', addresses.Select(static address => $$"""{"address":"{{address}}"}"""))}}]}""";

    private static string Conflicts(string request) =>
        request.Split("\r\n").Where(static line => line.StartsWith("IPAM-Conflicts: ", StringComparison.Ordinal)).Select(static line => line.Split(": ")[1]).SingleOrDefault("");
}
