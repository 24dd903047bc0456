using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EndToEnd.Support;

namespace EndToEnd.Lifecycle;

/// <summary>Flags, variables, the JSON file, and what the service says of wrong ones.</summary>
public sealed class OptionTests : IDisposable
{
    private readonly Site _site = new();
    private readonly NetworkConfig _network = new("options");

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("--sokcet /x", "--sokcet")]
    [InlineData("extra", "extra")]
    [InlineData("--node", "--node wants a value")]
    [InlineData("--log-level loud", "loud")]
    [InlineData("--log-format xml", "xml")]
    [InlineData("--request-timeout never", "never")]
    [InlineData("--store floppy:/x", "floppy")]
    [InlineData("--store sqlite:", "sqlite:")]
    [InlineData("--config /there/is/none.json", "/there/is/none.json")]
    public async Task A_wrong_option_is_exit_code_2_and_named(string arguments, string named)
    {
        await using var ipamd = Ipamd.Launch(_site, arguments.Split(' '));

        Assert.Equal(2, await ipamd.ExitAsync());
        Assert.Contains(named, ipamd.Log.Text, StringComparison.Ordinal);
        Assert.Contains("ipamd --help", ipamd.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_TCP_there_are_metrics_and_health_and_nothing_else()
    {
        var port = Ports.Free();
        await using var ipamd = await Ipamd.StartAsync(_site, "--listen", $"127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Contains("ipamsuite_ready 1\n", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(("ok\n", "ready\n"), (await http.GetStringAsync("/healthz"), await http.GetStringAsync("/readyz")));
        foreach (var verb in (string[])["add", "del", "check", "status", "gc"])
        {
            using var body = new StringContent(_network.Json(_site));
            using var answer = await http.PostAsync($"/cni/{verb}", body);
            Assert.Equal((HttpStatusCode.NotFound, "not found; there are GET /healthz, /readyz, /metrics\n"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_exit_code_1_and_said()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var ipamd = Ipamd.Launch(_site, "--listen", other.LocalEndpoint.ToString()!);

        Assert.Equal(1, await ipamd.ExitAsync());
        Assert.Contains("address already in use", ipamd.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_version_are_for_stdout()
    {
        Assert.Contains("--socket PATH", Command.Run(Repository.Ipamd, "--help"), StringComparison.Ordinal);
        Assert.Matches(@"^ipamd \d+\.\d+\.\d+", Command.Run(Repository.Ipamd, "--version"));
    }

    [Fact]
    public async Task Options_come_from_variables()
    {
        var start = new ProcessStartInfo(Repository.Ipamd);
        start.Environment["IPAM_STORE"] = _site.Store;
        start.Environment["IPAM_SOCKET"] = _site.Socket;
        start.Environment["IPAM_SPOOL"] = _site.Spool;
        start.Environment["IPAM_NODE"] = "of-the-variable";

        await using var ipamd = Ipamd.Launch(_site, start);
        await ipamd.Log.WaitForAsync("store opened");

        _site.Add(_network).EnsureSuccess();
        Assert.Equal("of-the-variable", Assert.Single(Ipamctl.Leases(_site)).Node);
    }

    [Fact]
    public async Task A_flag_beats_a_variable_and_a_variable_beats_the_file()
    {
        var file = _site.Write(
            "ipamd.json",
            $$"""{ "store": "{{_site.Store}}", "socket": "/of/the/file.sock", "spool": "{{_site.Spool}}", "node": "of-the-file", "logFormat": "json" }""");
        var start = new ProcessStartInfo(Repository.Ipamd, ["--config", file, $"--socket={_site.Socket}"]);
        start.Environment["IPAM_SOCKET"] = "/of/the/variable.sock";
        start.Environment["IPAM_NODE"] = "of-the-variable";

        await using var ipamd = Ipamd.Launch(_site, start);
        var line = await ipamd.Log.WaitForAsync("store opened");

        Assert.Equal(2, JsonText.Parse(line).GetProperty("EventId").GetInt32());
        _site.Add(_network).EnsureSuccess();
        Assert.Equal("of-the-variable", Assert.Single(Ipamctl.Leases(_site)).Node);
    }

    [Theory]
    [InlineData("""{ "sokcet": "/x" }""", "sokcet")]
    [InlineData("[]", "object")]
    [InlineData("{", "JSON")]
    public async Task A_file_that_cannot_be_right_is_exit_code_2(string content, string named)
    {
        await using var ipamd = Ipamd.Launch(_site, "--config", _site.Write("ipamd.json", content));

        Assert.Equal(2, await ipamd.ExitAsync());
        Assert.Contains(named, ipamd.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await using (var ipamd = await Ipamd.StartAsync(_site))
            await ipamd.StopAsync();
        SqliteHeader.SetUserVersion(_site.Database, 99);

        await using var again = Ipamd.Launch(_site);

        Assert.Equal(1, await again.ExitAsync());
        Assert.Contains("schema version 99", again.Log.Text, StringComparison.Ordinal);
        Assert.Contains("Upgrade", again.Log.Text, StringComparison.Ordinal);
        Assert.Equal(99, SqliteHeader.UserVersion(_site.Database));
    }

    [Fact]
    public async Task A_database_that_cannot_be_made_is_no_reason_to_end_but_to_say_so()
    {
        await File.WriteAllTextAsync(_site.PathOf("file"), "");

        await using var ipamd = Ipamd.Launch(_site, "--store", $"sqlite:{_site.PathOf("file")}/ipam.db");
        await ipamd.Log.WaitForAsync("store can't be opened, trying again");

        Assert.Equal("ok\n", await ipamd.Http.GetAsync("/healthz"));
        Assert.StartsWith("not ready:", await ipamd.Http.GetAsync("/readyz"), StringComparison.Ordinal);
        _site.Add(_network).EnsureError(11);
        // For a while a runtime isn't told, as that takes the node out of the cluster.
        _site.CallForNetwork("STATUS", _network).EnsureSuccess();
        _site.CallForNetwork("STATUS", _network with { Ipam = $"{_network.Ipam}, \"statusGraceSeconds\": 0" }).EnsureError(50);
        _site.Del(_network).EnsureSuccess();
        Assert.Single(Directory.GetFiles(_site.Spool, "*.json"));
        Assert.Equal(0, await ipamd.StopAsync());
    }
}
