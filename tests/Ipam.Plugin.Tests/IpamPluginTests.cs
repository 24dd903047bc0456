using System.Diagnostics;
using System.Reflection;
using System.Text;
using Cni.Protocol;
using Ipam.Plugin.Tests.Support;

namespace Ipam.Plugin.Tests;

/// <summary>What a runtime sees of the plugin, whatever the service does.</summary>
public sealed class IpamPluginTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Socket => _folder.Combine("s");

    private string Spool => _folder.Combine("spool");

    private string[] Spooled => Directory.Exists(Spool) ? Directory.GetFiles(Spool) : [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ADD", "/cni/add")]
    [InlineData("DEL", "/cni/del")]
    [InlineData("CHECK", "/cni/check")]
    [InlineData("STATUS", "/cni/status")]
    [InlineData("GC", "/cni/gc")]
    public void Each_verb_has_its_path_and_the_answer_is_printed_as_it_is(string command, string path)
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(200, "{ \"any\": \"thing\" }\n"));

        Assert.Equal((0, "{ \"any\": \"thing\" }\n", ""), CallOf(command).Run());

        var request = Assert.Single(service.Requests);
        Assert.StartsWith($"POST {path} HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{CallOf(command).Stdin}", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADD", 400, 7)]
    [InlineData("ADD", 503, 11)]
    [InlineData("ADD", 409, 100)]
    [InlineData("CHECK", 409, 102)]
    [InlineData("STATUS", 503, 50)]
    [InlineData("GC", 503, 11)]
    [InlineData("DEL", 400, 6)]
    [InlineData("DEL", 500, 999)]
    public void An_error_of_the_service_is_printed_with_its_code(string command, int status, int code)
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(status, $$"""{"code":{{code}},"msg":"m","details":"d"}"""));

        Assert.Equal(new CniError(code, "m", "d"), CallOf(command).Fail(code));
        Assert.Empty(Spooled);
    }

    [Theory]
    [InlineData(404, "not found")]
    [InlineData(431, "")]
    [InlineData(500, "{}")]
    [InlineData(503, "<html>")]
    [InlineData(204, "")]
    public void A_status_without_an_error_object_is_999_and_told(int status, string body)
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(status, body));

        Assert.Equal($"ipamd at {Socket} answered with HTTP status {status} and no error object", CallOf("ADD").Fail(999).Message);
    }

    [Theory]
    [InlineData("ADD", null)]
    [InlineData("CHECK", "5")]
    [InlineData("STATUS", "15")]
    [InlineData("GC", "2.5")]
    public void A_service_that_starts_meanwhile_is_asked(string command, string? wait)
    {
        var call = CallOf(command) with { Wait = wait };
        FakeService? service = null;
        using var timer = new Timer(_ => service = FakeService.Answering(Socket, FakeService.Http(200, "{ \"any\": \"thing\" }")), null, 300, Timeout.Infinite);

        Assert.Equal((0, "{ \"any\": \"thing\" }", ""), call.Run());
        // It may have answered before the timer's thread got so far.
        Wait.Until(() => Volatile.Read(ref service) is not null);
        service!.Dispose();
    }

    [Fact]
    public void A_service_that_breaks_off_is_asked_again()
    {
        var calls = 0;
        using var service = new FakeService(Socket, socket =>
        {
            FakeService.ReadRequest(socket);
            if (Interlocked.Increment(ref calls) == 3)
                socket.Send(Encoding.UTF8.GetBytes(FakeService.Http(200, "{}")));
        });

        Assert.Equal((0, "{}", ""), (CallOf("ADD") with { Wait = null }).Run());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void A_DEL_does_not_wait_for_a_service()
    {
        var start = Stopwatch.GetTimestamp();

        Assert.Equal((0, "", ""), (CallOf("DEL") with { Wait = "15" }).Run());

        Assert.Single(Spooled);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("-1", 7)]
    [InlineData("15.5", 7)]
    [InlineData("1e99", 7)]
    [InlineData("\"5\"", 6)]
    [InlineData("true", 6)]
    public void A_wait_that_is_none_is_refused(string wait, int code) =>
        Assert.Contains("wait", (CallOf("ADD") with { Wait = wait }).Fail(code).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ADD", 11)]
    [InlineData("CHECK", 11)]
    [InlineData("GC", 11)]
    [InlineData("STATUS", 50)]
    public void Without_a_service_the_error_names_the_socket_and_what_to_do(string command, int code)
    {
        var error = CallOf(command).Fail(code);

        Assert.Equal($"ipamd can't be reached at {Socket}: there is no such socket", error.Message);
        Assert.Equal("start ipamd ('systemctl start ipamd'), or set ipam.socket in the configuration to the path it serves", error.Details);
    }

    [Fact]
    public void A_DEL_without_a_service_is_written_down_and_succeeds()
    {
        var before = DateTimeOffset.UtcNow;
        var call = CallOf("DEL") with { Args = "K8S_POD_NAME=p" };

        Assert.Equal((0, "", ""), call.Run());

        var request = SpoolFolder.Read(Assert.Single(Spooled));
        Assert.Equal(("net", "c1", "eth0"), (request.Network, request.Environment.ContainerId, request.Environment.IfName));
        Assert.Equal(call.Stdin, Encoding.UTF8.GetString(request.Stdin.Span));
        Assert.InRange(request.Time, before, DateTimeOffset.UtcNow);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Spool));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Spooled[0]));
    }

    [Fact]
    public void So_is_one_that_the_service_could_neither_carry_out_nor_write_down()
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(503, """{"code":11,"msg":"the store is down"}"""));

        Assert.Equal((0, "", ""), CallOf("DEL").Run());

        Assert.Single(Spooled);
    }

    [Theory]
    [InlineData("220 mail.example ESMTP\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("")]
    public void So_is_one_that_something_else_than_ipamd_took(string answer)
    {
        using var service = FakeService.Answering(Socket, answer);

        Assert.Equal((0, "", ""), CallOf("DEL").Run());

        Assert.Single(Spooled);
    }

    [Fact]
    public void Many_DELs_of_one_attachment_are_one_file_and_others_have_their_own()
    {
        CallOf("DEL").Run();
        CallOf("DEL").Run();
        (CallOf("DEL") with { IfName = "eth1" }).Run();
        (CallOf("DEL") with { ContainerId = "c2" }).Run();

        Assert.Equal(["net~c1~eth0.json", "net~c1~eth1.json", "net~c2~eth0.json"], Spooled.Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_DEL_that_cannot_be_written_down_fails_and_says_both()
    {
        File.WriteAllText(Spool, "a file where a folder should be");

        var error = CallOf("DEL").Fail(11);

        Assert.Equal($"ipamd can't be reached at {Socket}: there is no such socket", error.Message);
        Assert.StartsWith($"and the release can't be written to {Spool} for later: ", error.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_DEL_is_not_promised_where_ipamd_would_not_carry_it_out()
    {
        Directory.CreateDirectory(_folder.Combine("elsewhere"));
        Directory.CreateSymbolicLink(Spool, _folder.Combine("elsewhere"));

        var error = CallOf("DEL").Fail(11);

        Assert.Equal(
            $"and the release can't be written to {Spool} for later: the folder {Spool} is a link, wanted is a folder; move it away, or name another spool folder", error.Details);
        Assert.Empty(Directory.GetFiles(_folder.Combine("elsewhere")));
    }

    [Fact]
    public void A_spool_folder_that_depends_on_where_the_runtime_was_started_is_no_place_for_a_release()
    {
        var error = (CallOf("DEL") with { Spool = "spool" }).Fail(11);

        Assert.Equal("and the release can't be written to spool for later: it is no absolute path", error.Details);
        Assert.False(Directory.Exists("spool"));
        Assert.EndsWith(" for later: it is no absolute path", (CallOf("DEL") with { Spool = $"{Spool}\\u0000" }).Fail(11).Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{}x")]
    public void An_ADD_that_succeeds_without_a_result_is_a_failure(string body)
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(200, body));

        Assert.Equal($"ipamd at {Socket} answered with success and without a result", CallOf("ADD").Fail(999).Message);
    }

    [Fact]
    public void Arguments_with_a_line_feed_reach_the_service_as_one_header()
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(200, ""));

        (CallOf("ADD") with { Args = "IP=10.1.0.5\r\nCNI_IFNAME: eth9\r\n\r\n{}" }).Run();

        var head = Assert.Single(service.Requests).Split("\r\n\r\n")[0].Split("\r\n");
        Assert.Contains("CNI_ARGS: IP=10.1.0.5%0D%0ACNI_IFNAME:%20eth9%0D%0A%0D%0A{}", head);
        Assert.Single(head, static line => line.StartsWith("CNI_IFNAME", StringComparison.Ordinal));
    }

    [Fact]
    public void Started_by_hand_it_says_what_it_is_and_in_which_version()
    {
        var (code, output, error) = (CallOf("ADD") with { Command = "" }).Run();

        var version = typeof(IpamPlugin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.Equal((0, ""), (code, output));
        Assert.StartsWith($"CNI ipam plugin {version} (IpamSuite)\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_that_can_not_be_reported_is_given_back()
    {
        using var service = FakeService.Answering(Socket, FakeService.Http(200, "{}"));

        var (code, error) = CallOf("ADD").RunWithoutOutput();

        Assert.Equal(1, code);
        Assert.Contains("what the ADD had done is undone", error, StringComparison.Ordinal);
        Assert.Equal(["POST /cni/add HTTP/1.1", "POST /cni/del HTTP/1.1"], service.Requests.Select(static request => request.Split("\r\n")[0]));
        Assert.Empty(Spooled);
    }

    [Fact]
    public void Or_its_release_is_written_down_where_ipamd_is_gone_by_then()
    {
        var requests = 0;
        using var service = new FakeService(Socket, socket =>
        {
            FakeService.ReadRequest(socket);
            if (requests++ == 0)
                socket.Send(Encoding.UTF8.GetBytes(FakeService.Http(200, "{}")));
        });

        Assert.Equal(1, CallOf("ADD").RunWithoutOutput().Code);

        var request = SpoolFolder.Read(Assert.Single(Spooled));
        Assert.Equal((CniCommand.Del, "c1", "eth0"), (request.Environment.Command, request.Environment.ContainerId, request.Environment.IfName));
    }

    private Call CallOf(string command) => new(command, Socket) { Spool = Spool };
}
