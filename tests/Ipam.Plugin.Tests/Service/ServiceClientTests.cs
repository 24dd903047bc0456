using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Ipam.Plugin.Service;
using Ipam.Plugin.Tests.Support;

namespace Ipam.Plugin.Tests.Service;

/// <summary>Round trips with services that behave and services that don't. None takes longer than it was given.</summary>
public sealed class ServiceClientTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>For a busy machine: far below what a wait without end, or one per byte, would take.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly TempFolder _folder = new();

    private string Path => _folder.Combine("s");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_answer_in_one_piece()
    {
        using var service = FakeService.Answering(Path, FakeService.Http(200, "{}"));

        var answer = Post(Long);

        Assert.True(answer.IsSuccess);
        Assert.Equal("{}", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.StartsWith("POST /cni/add HTTP/1.1\r\n", Assert.Single(service.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_byte_by_byte_and_longer_than_the_first_buffer()
    {
        var body = new string('x', 10_000);
        using var service = new FakeService(Path, socket =>
        {
            FakeService.ReadRequest(socket);
            var bytes = Encoding.UTF8.GetBytes(FakeService.Http(200, body));
            for (var i = 0; i < 300; i++)
                socket.Send(bytes.AsSpan(i, 1));
            socket.Send(bytes.AsSpan(300));
        });

        Assert.Equal(body, Encoding.UTF8.GetString(Post(Long).Body.Span));
    }

    [Fact]
    public void A_request_larger_than_any_socket_buffer()
    {
        using var service = FakeService.Answering(Path, FakeService.Http(200, "{}"));
        var stdin = new string('x', 3_000_000);

        Assert.True(ServiceClient.Post(Path, RequestBytes.Of("/cni/add", new Call("ADD", Path).RequestWith(stdin), []), Long, TimeSpan.Zero).IsSuccess);
        Assert.EndsWith("\r\n\r\n" + stdin, Assert.Single(service.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_answers_before_it_has_read_everything()
    {
        using var service = new FakeService(Path, socket =>
        {
            socket.Receive(new byte[10]);
            socket.Send(Encoding.UTF8.GetBytes(FakeService.Http(400, "{}")));
            FakeService.ReadRequest(socket);
        });

        Assert.Equal(400, Post(Long).Status);
    }

    [Fact]
    public void No_socket() => AssertUnreachable("there is no such socket", Long, Slack);

    [Fact]
    public void A_socket_that_nobody_listens_on()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Path));
            AssertUnreachable("nobody listens there", Long, Slack);
        }
    }

    [Fact]
    public void A_file_that_is_no_socket()
    {
        File.WriteAllText(Path, "");
        AssertUnreachable("nobody listens there", Long, Slack);
    }

    [Fact]
    public void A_path_below_a_file()
    {
        File.WriteAllText(_folder.Combine("file"), "");
        var fault = Assert.Throws<ServiceUnreachableException>(() => ServiceClient.Post(_folder.Combine("file/s"), RequestBytes.Of("/cni/add", new Call("ADD", Path).Request, []), Long, TimeSpan.Zero));
        Assert.NotEmpty(fault.Message);
    }

    [Fact]
    public void A_path_longer_than_the_kernel_takes()
    {
        var path = "/" + new string('x', 108);
        Assert.Equal(
            "the path is too long for a unix socket (107 bytes)",
            Assert.Throws<ServiceUnreachableException>(() => ServiceClient.Post(path, RequestBytes.Of("/cni/add", new Call("ADD", path).Request, []), Long, TimeSpan.Zero)).Message);
    }

    [Fact]
    public void A_service_that_closes_at_once()
    {
        using var service = new FakeService(Path, static _ => { });
        var fault = Assert.Throws<ServiceUnreachableException>(() => Post(Long));
        Assert.Contains(fault.Message, (string[])["it closed the connection before its answer was complete", "it broke the connection"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 2")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234")]
    public void A_service_that_closes_in_the_middle_of_its_answer(string answer)
    {
        using var service = FakeService.Answering(Path, answer);
        AssertUnreachable("it closed the connection before its answer was complete", Long, Slack);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234")]
    public void A_service_that_never_finishes_its_answer(string answer)
    {
        using var over = new ManualResetEventSlim();
        using var service = new FakeService(Path, socket =>
        {
            FakeService.ReadRequest(socket);
            socket.Send(Encoding.UTF8.GetBytes(answer));
            over.Wait(Long);
        });

        AssertUnreachable("no answer within 0.5 s", Short, Slack);
        over.Set();
    }

    [Fact]
    public void A_service_that_sends_something_now_and_then_for_ever()
    {
        using var over = new ManualResetEventSlim();
        using var service = new FakeService(Path, socket =>
        {
            FakeService.ReadRequest(socket);
            socket.Send("HTTP/1.1 200 OK\r\nX: "u8);
            while (!over.Wait(TimeSpan.FromMilliseconds(20)))
                socket.Send("x"u8);
        });

        AssertUnreachable("no answer within 0.5 s", Short, Slack);
        over.Set();
    }

    [Fact]
    public void A_service_that_does_not_read_a_request_too_large_for_the_kernel_to_keep()
    {
        using var over = new ManualResetEventSlim();
        using var service = new FakeService(Path, _ => over.Wait(Long));
        var start = Stopwatch.GetTimestamp();

        var fault = Assert.Throws<ServiceUnreachableException>(
            () => ServiceClient.Post(Path, RequestBytes.Of("/cni/add", new Call("ADD", Path).RequestWith(new string('x', 3_000_000)), []), Short, TimeSpan.Zero));

        Assert.Equal("no answer within 0.5 s", fault.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Slack);
        over.Set();
    }

    [Fact]
    public void A_service_that_reads_slowly_gains_no_time()
    {
        using var over = new ManualResetEventSlim();
        using var service = new FakeService(Path, socket =>
        {
            var buffer = new byte[1000];
            while (!over.Wait(TimeSpan.FromMilliseconds(20)))
                socket.Receive(buffer);
        });
        var start = Stopwatch.GetTimestamp();

        Assert.Throws<ServiceUnreachableException>(
            () => ServiceClient.Post(Path, RequestBytes.Of("/cni/add", new Call("ADD", Path).RequestWith(new string('x', 3_000_000)), []), Short, TimeSpan.Zero));

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Slack);
        over.Set();
    }

    [Fact]
    public void A_service_that_accepts_nobody()
    {
        using var service = new FakeService(Path, script: null, backlog: 1);
        using var first = Waiting();
        using var second = Waiting();

        AssertUnreachable("no answer within 0.5 s", Short, Slack);
    }

    [Fact]
    public void Something_that_greets_and_waits_is_known_at_once()
    {
        using var over = new ManualResetEventSlim();
        using var service = new FakeService(Path, socket =>
        {
            socket.Send("220 mail.example ESMTP\r\n"u8);
            over.Wait(Long);
        });

        AssertUnreachable("what answers there doesn't speak HTTP/1.1", Long, Slack);
        over.Set();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n")]
    public void An_answer_without_end(string beginning)
    {
        using var service = new FakeService(Path, socket =>
        {
            FakeService.ReadRequest(socket);
            socket.Send(Encoding.UTF8.GetBytes(beginning));
            var piece = new byte[65_536];
            Array.Fill(piece, (byte)'x');
            while (true)
                socket.Send(piece);
        });

        AssertUnreachable("its answer is larger than 8 MiB", Long, Long);
    }

    private Socket Waiting()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    private ServiceAnswer Post(TimeSpan patience) => ServiceClient.Post(Path, RequestBytes.Of("/cni/add", new Call("ADD", Path).Request, []), patience, TimeSpan.Zero);

    private void AssertUnreachable(string reason, TimeSpan patience, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        Assert.Equal(reason, Assert.Throws<ServiceUnreachableException>(() => Post(patience)).Message);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, limit);
    }
}
