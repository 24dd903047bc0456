using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Hosting;

/// <summary>ipamd as whoever starts it sees it: exit codes, sockets, signals, the log.</summary>
public sealed partial class ProcessTests : IDisposable
{
    private static readonly string Network = NetworkJson.Text("""
        "subnet": "10.1.0.0/24"
        """);

    private readonly TempFolder _folder = new();

    private string Socket => _folder.Combine("run/ipamd.sock");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Usage: ipamd", "--help")]
    [InlineData("Usage: ipamd", "--node", "x", "-h")]
    [InlineData("ipamd 0.", "--version")]
    public async Task Questions_are_answered_on_stdout(string answer, params string[] arguments)
    {
        await using var ipamd = DaemonProcess.Launch(arguments);

        var (code, output, error) = await ipamd.ExitAsync();

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(answer, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ipamd: unknown argument '--sotre'; known are ", "--sotre", "x")]
    [InlineData("ipamd: 'etcd:x' names a store of the unknown kind 'etcd'; known are: ", "--store", "etcd:x")]
    [InlineData("ipamd: socket must be a path, found an empty text", "--socket=")]
    [InlineData("ipamd: /there/is/none can't be read as JSON: ", "--config", "/there/is/none")]
    [InlineData("ipamd: role controller: sqlite:/there/is/none is the store of one machine, whose ipamd does all that there is to do; leave --role out", "--role", "controller", "--store", "sqlite:/there/is/none")]
    public async Task Wrong_options_end_it_with_2_and_the_reason(string reason, params string[] arguments)
    {
        await using var ipamd = DaemonProcess.Launch(arguments);

        var (code, output, error) = await ipamd.ExitAsync();

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(reason, error, StringComparison.Ordinal);
        Assert.EndsWith("\nTry 'ipamd --help'.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_lets_it_finish_what_is_in_flight_and_ends_it_with_0()
    {
        await using var ipamd = DaemonProcess.LaunchIn(_folder);
        await ipamd.UntilLoggedAsync("store opened");
        using var connection = await RawConnection.OpenAsync(Socket);
        await connection.SendAsync(RawConnection.AddHead(Network.Length).Replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", StringComparison.Ordinal));
        await connection.ReadAsync();

        ipamd.Signal("TERM");
        await ipamd.UntilLoggedAsync("stopping: finishing what is in flight");
        await connection.SendAsync(Network);
        var answer = await connection.ReadToEndAsync();
        var (code, _, _) = await ipamd.ExitAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("10.1.0.2/24", answer, StringComparison.Ordinal);
        Assert.Equal(0, code);
        Assert.False(File.Exists(Socket));
    }

    [Fact]
    public async Task A_socket_that_is_served_is_refused_and_one_that_a_dead_service_left_is_taken_over()
    {
        await using var first = DaemonProcess.LaunchIn(_folder);
        await first.UntilLoggedAsync("store opened");

        await using (var second = DaemonProcess.LaunchIn(_folder))
        {
            var (code, _, error) = await second.ExitAsync();
            Assert.Equal(1, code);
            Assert.Equal($"ipamd: another ipamd serves {Socket}; stop it, or give this one another --socket", error);
        }
        using var client = new ServiceClient(Socket);
        (await client.CallAsync("add", Network)).EnsureOk();
        first.Signal("KILL");
        await first.ExitAsync();
        Assert.True(File.Exists(Socket));

        await using var third = DaemonProcess.LaunchIn(_folder);
        await third.UntilLoggedAsync("store opened");
        using var newClient = new ServiceClient(Socket);
        (await newClient.CallAsync("check", Network)).EnsureOk();
    }

    [Fact]
    public async Task A_socket_that_another_program_serves_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Socket));
        other.Listen();

        await AssertRefusedAsync($"ipamd: another program serves {Socket}; stop it, or give ipamd another --socket");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("fifo")]
    public async Task What_is_not_a_socket_is_left_alone(string kind)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        if (kind == "file")
            await File.WriteAllTextAsync(Socket, "precious");
        else
            Command.Run(kind == "folder" ? "mkdir" : "mkfifo", Socket);

        await AssertRefusedAsync($"ipamd: {Socket} is there and is not a socket; move it away, or give ipamd another --socket");

        Assert.True(Path.Exists(Socket));
        if (kind == "file")
            Assert.Equal("precious", await File.ReadAllTextAsync(Socket));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(_folder.Combine("run"), "a file where a folder should be");

        await using var ipamd = DaemonProcess.LaunchIn(_folder);
        var (code, _, error) = await ipamd.ExitAsync();

        Assert.Equal(1, code);
        Assert.Contains(_folder.Combine("run"), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_one_line_of_text_per_event()
    {
        await using var ipamd = DaemonProcess.LaunchIn(_folder, "--log-level", "debug");
        await ipamd.UntilLoggedAsync("store opened");
        using var client = new ServiceClient(Socket);
        (await client.CallAsync("add", Network)).EnsureOk();
        (await client.CallAsync("add", NetworkJson.Text(""))).EnsureError(7);
        (await client.CallAsync("add", "not JSON")).EnsureError(6);

        await ipamd.UntilLoggedAsync("ADD net c1 eth0: done in ");
        await ipamd.UntilLoggedAsync("ADD net c1 eth0: code 7: no IP ranges specified; give \"subnet\", \"ranges\" or \"pools\" in ipam");
        await ipamd.UntilLoggedAsync("ADD - - -: code 6: error unmarshall network config: invalid JSON at line 1, byte ");
        Assert.All(ipamd.Log, static line => Assert.Matches(TextLine(), line));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task No_text_of_a_request_controls_the_terminal_of_whoever_reads_the_log(string format)
    {
        await using var ipamd = DaemonProcess.LaunchIn(_folder, "--log-format", format);
        await ipamd.UntilLoggedAsync("store opened");
        using var client = new ServiceClient(Socket);

        (await client.CallAsync("add", NetworkJson.Text("\"subnet\": \"10.1.0.0/24\", \"routes\": [{ \"dst\": \"\u001b[2J\\r\\u202e\\u009b\u2066 \\\"x\\\"\" }]".Replace("\u001b", "\\u001b", StringComparison.Ordinal)))).EnsureError(7);

        var line = await ipamd.UntilLoggedAsync("code 7");
        Assert.DoesNotContain(line, static c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
        Assert.Contains("[2J", line, StringComparison.Ordinal);
        Assert.DoesNotContain("u0022", line, StringComparison.Ordinal);
        if (format == "json")
        {
            using var json = JsonDocument.Parse(line);
            Assert.Contains("\u001b[2J\r\u202e\u009b\u2066 \"x\"", json.RootElement.GetProperty("Message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_log_is_JSON_where_that_is_wanted()
    {
        await using var ipamd = DaemonProcess.LaunchIn(_folder, "--log-format", "json");
        await ipamd.UntilLoggedAsync("store opened");

        Assert.All(ipamd.Log, static line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal("ipamd", json.RootElement.GetProperty("Category").GetString());
            Assert.True(json.RootElement.GetProperty("EventId").GetInt32() > 0);
        });
    }

    [Fact]
    public async Task Without_a_wish_requests_that_are_served_are_not_logged_and_nothing_of_the_web_server_is()
    {
        await using var ipamd = DaemonProcess.LaunchIn(_folder);
        await ipamd.UntilLoggedAsync("store opened");
        using var client = new ServiceClient(Socket);
        (await client.CallAsync("add", Network)).EnsureOk();
        using (var connection = await RawConnection.OpenAsync(Socket))
            await connection.SendAsync(RawConnection.AddHead(Network.Length) + Network[..10]);
        (await client.CallAsync("del", Network)).EnsureOk();

        ipamd.Signal("TERM");
        var (code, _, error) = await ipamd.ExitAsync();

        Assert.Equal(0, code);
        Assert.DoesNotContain("done in", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_and_a_file_do_as_well_as_flags()
    {
        var file = _folder.Combine("ipamd.json");
        await File.WriteAllTextAsync(file, $$"""{ "store": "sqlite:{{_folder.Combine("a.db")}}", "socket": "/not/this/one", "spool": "{{_folder.Combine("s")}}" }""");

        await using var ipamd = DaemonProcess.Launch([], ("IPAM_CONFIG", file), ("IPAM_SOCKET", Socket), ("IPAM_NODE", "by-variable"));

        var line = await ipamd.UntilLoggedAsync("serves");
        Assert.EndsWith($" serves {Socket} as node by-variable over sqlite:{_folder.Combine("a.db")}", line, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(string message)
    {
        await using var ipamd = DaemonProcess.LaunchIn(_folder);
        var (code, _, error) = await ipamd.ExitAsync();
        Assert.Equal(message, error);
        Assert.Equal(1, code);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail|dbug): ipamd\[\d+\] ")]
    private static partial Regex TextLine();
}
