using System.Net.Sockets;
using System.Text;
using EndToEnd.Support;

namespace EndToEnd.Lifecycle;

/// <summary>How the service starts, stops, and takes over.</summary>
public sealed class LifecycleTests : IDisposable
{
    private readonly Site _site = new();
    private readonly NetworkConfig _network = new("lifecycle");

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_with_exit_code_0_and_without_its_socket(string signal)
    {
        await using var ipamd = await Ipamd.StartAsync(_site);

        ipamd.Signal(signal);

        Assert.Equal(0, await ipamd.ExitAsync());
        Assert.False(File.Exists(_site.Socket));
    }

    [Fact]
    public async Task SIGTERM_finishes_the_ADD_that_is_in_flight()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);
        var body = _network.Json(_site);
        using var connection = await ConnectAsync();
        // Under way: the service has the request's head and waits for the rest of its body.
        await SendAsync(connection, $"POST /cni/add HTTP/1.1\r\nHost: ipamd\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\nCNI_CONTAINERID: c1\r\nCNI_NETNS: /x\r\nCNI_IFNAME: eth0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(connection), StringComparison.Ordinal);

        ipamd.Signal("TERM");
        await ipamd.Log.WaitForAsync("stopping");
        await SendAsync(connection, body);
        var answer = await ReceiveAsync(connection);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("10.1.0.2/24", answer, StringComparison.Ordinal);
        Assert.Equal(0, await ipamd.ExitAsync());
        Assert.Equal(["10.1.0.2"], Ipamctl.Addresses(_site, _network));
    }

    [Fact]
    public async Task SIGTERM_under_load_answers_every_ADD_that_it_carries_out()
    {
        await using var ipamd = await Ipamd.StartAsync(_site, "--log-level", "debug");
        var network = _network with { Ipam = """ "subnet": "10.1.0.0/16" """ };
        var answers = new List<CniOutcome>();
        var adding = Workers.RunAsync(8, worker =>
        {
            for (var i = 0; ; i++)
            {
                var outcome = _site.Add(network, $"w{worker}-{i}");
                lock (answers)
                    answers.Add(outcome);
                if (!outcome.Succeeded)
                    return;
            }
        });
        for (var served = 0; served < 40; served++)
            await ipamd.Log.WaitForAsync("ADD lifecycle");

        Assert.Equal(0, await ipamd.StopAsync());
        await adding;

        Assert.All(answers.Where(static a => !a.Succeeded), static a => a.EnsureError(11));
        Assert.Equal(
            answers.Where(static a => a.Succeeded).Select(static a => a.Address).Order(),
            Ipamctl.Addresses(_site, network).Order());
    }

    [Fact]
    public async Task A_request_that_ends_half_way_is_a_line_of_the_log_and_no_stack_trace()
    {
        const string head = "POST /cni/add HTTP/1.1\r\nHost: ipamd\r\nCNI_CONTAINERID: c1\r\nCNI_NETNS: /x\r\nCNI_IFNAME: eth0\r\n";
        string[] halves = [$"{head}Content-Length: 100\r\n\r\n{{", $"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{", $"{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n"];
        await using var ipamd = await Ipamd.StartAsync(_site);

        for (var i = 0; i < 300; i++)
        {
            using var connection = await ConnectAsync();
            await SendAsync(connection, halves[i % halves.Length]);
            // Which moment of the request the end meets is left to chance.
            if (i % 2 == 0)
                connection.Shutdown(SocketShutdown.Send);
        }

        _site.Add(_network).EnsureSuccess();
        Assert.Equal(0, await ipamd.StopAsync());
        Assert.Contains("ADD - - -: code", ipamd.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ipamd.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_socket_of_a_killed_service_is_taken_over()
    {
        await using (var ipamd = await Ipamd.StartAsync(_site))
        {
            _site.Add(_network).EnsureSuccess();
            await ipamd.KillAsync();
        }
        Assert.True(File.Exists(_site.Socket));

        await using var again = await Ipamd.StartAsync(_site);

        _site.Check(_network).EnsureSuccess();
    }

    [Fact]
    public async Task A_socket_that_is_served_is_refused_and_stays_served()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);

        await using var second = Ipamd.Launch(_site);

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains(_site.Socket, second.Log.Text, StringComparison.Ordinal);
        Assert.Contains("--socket", second.Log.Text, StringComparison.Ordinal);
        _site.Add(_network).EnsureSuccess();
    }

    [Fact]
    public async Task A_socket_that_another_program_serves_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_site.Socket)!);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_site.Socket));
        listener.Listen();

        await using var ipamd = Ipamd.Launch(_site);

        Assert.Equal(1, await ipamd.ExitAsync());
        Assert.Contains("another program serves", ipamd.Log.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(_site.Socket));
    }

    [Fact]
    public async Task A_file_in_the_sockets_place_is_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_site.Socket)!);
        await File.WriteAllTextAsync(_site.Socket, "precious");

        await using var ipamd = Ipamd.Launch(_site);

        Assert.Equal(1, await ipamd.ExitAsync());
        Assert.Equal("precious", await File.ReadAllTextAsync(_site.Socket));
    }

    [Fact]
    public async Task Socket_and_folder_are_for_root_alone()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_site.Socket));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(_site.Socket)!));
    }

    [Fact]
    public async Task Nobody_but_root_is_answered_even_if_the_file_lets_them_connect()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);
        const UnixFileMode everybody = (UnixFileMode)0b111_111_111;
        foreach (var path in (string[])[_site.PathOf(""), Path.GetDirectoryName(_site.Socket)!, _site.Socket])
            File.SetUnixFileMode(path, everybody);

        var outcome = Command.TryRun(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            "curl", "-sS", "--unix-socket", _site.Socket, "http://ipamd/healthz");

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal("", outcome.Stdout);
        await ipamd.Log.WaitForAsync("refused a connection of uid 65534");
    }

    private async Task<Socket> ConnectAsync()
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(_site.Socket));
        return connection;
    }

    private static async Task SendAsync(Socket connection, string text) => await connection.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReceiveAsync(Socket connection)
    {
        using var limit = new CancellationTokenSource(Command.DefaultPatience);
        var buffer = new byte[8192];
        var length = await connection.ReceiveAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
