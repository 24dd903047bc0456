using System.Net;
using Ipam.Service.Options;
using Ipam.Service.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Ipam.Service.Tests.Options;

/// <summary>Options come from flags, variables and a file, in this order of precedence.</summary>
public sealed class OptionsReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_given_means_the_defaults()
    {
        // The default file is left out of play, lest this machine has one.
        var options = Read(["--config", FileWith("{}")]);

        Assert.Equal(new ServiceOptions(), options);
        Assert.Equal("sqlite:/var/lib/ipam/ipam.db", options.Store);
        Assert.Equal("/run/ipam/ipamd.sock", options.Socket);
        Assert.Equal("/var/lib/ipam/spool", options.Spool);
        Assert.Equal(Environment.MachineName, options.Node);
        Assert.Equal(TimeSpan.FromSeconds(20), options.RequestTimeout);
    }

    [Theory]
    [InlineData(true, true, true, "flag")]
    [InlineData(false, true, true, "variable")]
    [InlineData(false, false, true, "file")]
    [InlineData(true, false, true, "flag")]
    public void A_flag_beats_a_variable_which_beats_the_file(bool flag, bool variable, bool file, string winner)
    {
        List<string> arguments = ["--config", FileWith(file ? """{ "node": "file" }""" : "{}")];
        if (flag)
            arguments.AddRange(["--node", "flag"]);
        Assert.Equal(winner, Read(arguments, variable ? ("IPAM_NODE", "variable") : default).Node);
    }

    [Fact]
    public void Every_option_has_three_spellings()
    {
        var fromFlags = Read([
            "--config", FileWith("{}"), "--store", "sqlite:/a.db", "--role", "node", "--socket", "/b.sock", "--listen", "127.0.0.1:9", "--node", "c", "--node-labels", "a=b", "--spool=/d", "--log-level", "warning",
            "--log-format=json", "--request-timeout", "1.5"]);
        var fromVariables = Read(
            ["--config", FileWith("{}")],
            ("IPAM_STORE", "sqlite:/a.db"), ("IPAM_ROLE", "node"), ("IPAM_SOCKET", "/b.sock"), ("IPAM_LISTEN", "127.0.0.1:9"), ("IPAM_NODE", "c"), ("IPAM_NODE_LABELS", "a=b"), ("IPAM_SPOOL", "/d"), ("IPAM_LOG_LEVEL", "Warning"),
            ("IPAM_LOG_FORMAT", "json"), ("IPAM_REQUEST_TIMEOUT", "1.5"));
        var fromFile = Read([], ("IPAM_CONFIG", FileWith("""
            {
              "store": "sqlite:/a.db", "role": "node", "socket": "/b.sock", "listen": "127.0.0.1:9", "node": "c", "nodeLabels": "a=b", // comments are fine
              "spool": "/d", "logLevel": "WARNING", "logFormat": "json", "requestTimeout": 1.5,
            }
            """)));

        var expected = new ServiceOptions
        {
            Store = "sqlite:/a.db",
            Role = ServiceRole.Node,
            Socket = "/b.sock",
            Listen = IPEndPoint.Parse("127.0.0.1:9"),
            Node = "c",
            NodeLabels = "a=b",
            Spool = "/d",
            LogLevel = LogLevel.Warning,
            LogJson = true,
            RequestTimeout = TimeSpan.FromSeconds(1.5),
        };
        Assert.Equal(expected, fromFlags);
        Assert.Equal(expected, fromVariables);
        Assert.Equal(expected, fromFile);
    }

    [Theory]
    [InlineData("127.0.0.1:9645", "127.0.0.1:9645")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    [InlineData(":1", "[::]:1")]
    public void Metrics_and_health_are_served_at_an_endpoint(string text, string endpoint) => Assert.Equal(endpoint, Read(["--listen", text]).Listen!.ToString());

    [Theory]
    [InlineData("192.0.2.7:9646", "192.0.2.7:9646")]
    [InlineData("[2001:db8::7]:9646", "[2001:db8::7]:9646")]
    [InlineData("2001:db8::7:9646", "[2001:db8::7]:9646")]
    public void A_history_is_served_where_others_reach_it(string text, string endpoint) => Assert.Equal(endpoint, Read(["--serve-history", text]).ServeHistory!.ToString());

    [Fact]
    public void An_empty_variable_is_none() => Assert.Equal("file", Read(["--config", FileWith("""{ "node": "file" }""")], ("IPAM_NODE", "")).Node);

    [Fact]
    public void A_null_in_the_file_is_none() => Assert.Equal(new ServiceOptions().Store, Read(["--config", FileWith("""{ "store": null }""")]).Store);

    [Fact]
    public void Of_a_flag_given_twice_the_last_counts() => Assert.Equal("b", Read(["--node", "a", "--node=b"]).Node);

    [Theory]
    [InlineData("off", null)]
    [InlineData("1", 1)]
    [InlineData("3650", 3650)]
    public void A_history_is_kept_for_days_or_not_at_all(string text, int? days) => Assert.Equal(days, Read([$"--history={text}"]).History.Keep?.TotalDays);

    [Fact]
    public void A_history_takes_what_suits_the_store_or_so_many_MiB()
    {
        Assert.Null(Read([]).History.MostBytes);
        Assert.Equal(16 << 20, Read(["--history-size=16"]).History.MostBytes);
        Assert.Equal(1L << 40, Read(["--history", "7", "--history-size", "1048576"]).History.MostBytes);
    }

    [Fact]
    public void A_value_may_hold_an_equals_sign() => Assert.Equal("sqlite:/a=b.db", Read(["--store=sqlite:/a=b.db"]).Store);

    [Fact]
    public void Relative_paths_count_from_the_working_folder()
    {
        var options = Read(["--socket", "x.sock", "--spool", "../spool"]);

        Assert.Equal(Path.GetFullPath("x.sock"), options.Socket);
        Assert.Equal(Path.GetFullPath("../spool"), options.Spool);
    }

    [Theory]
    [InlineData("unknown argument '--stroe=x'; known are --config and --store, --role, --socket, --listen, --node, --node-labels, --spool, --take-over, --log-level, --log-format, --request-timeout, --gc-grace, --node-gone-after, --history, --history-size, --serve-history", "--stroe=x")]
    [InlineData("unknown argument 'store'; known are --config and --store, --role, --socket, --listen, --node, --node-labels, --spool, --take-over, --log-level, --log-format, --request-timeout, --gc-grace, --node-gone-after, --history, --history-size, --serve-history", "store", "x")]
    [InlineData("--node wants a value", "--node")]
    [InlineData("node name '' must have 1 to 253 printable characters", "--node=")]
    [InlineData("node name 'a\nb' must have 1 to 253 printable characters", "--node=a\nb")]
    [InlineData("socket must be a path, found an empty text", "--socket=")]
    [InlineData("spool must be a path, found an empty text", "--spool=")]
    [InlineData("listen '9645' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=9645")]
    [InlineData("listen '127.0.0.1' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=127.0.0.1")]
    [InlineData("listen '::1' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=::1")]
    [InlineData("listen '::1:80' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=::1:80")]
    [InlineData("listen '127.0.0.1:0' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=127.0.0.1:0")]
    [InlineData("listen '127.0.0.1:65536' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=127.0.0.1:65536")]
    [InlineData("serve-history ':9646' must be ADDRESS:PORT with the address by which others reach this node, such as 192.0.2.7:9646 or [2001:db8::7]:9646", "--serve-history=:9646")]
    [InlineData("serve-history '0.0.0.0:9646' must be ADDRESS:PORT with the address by which others reach this node, such as 192.0.2.7:9646 or [2001:db8::7]:9646", "--serve-history=0.0.0.0:9646")]
    [InlineData("serve-history '[::]:9646' must be ADDRESS:PORT with the address by which others reach this node, such as 192.0.2.7:9646 or [2001:db8::7]:9646", "--serve-history=[::]:9646")]
    [InlineData("serve-history 'node-1:9646' must be ADDRESS:PORT with the address by which others reach this node, such as 192.0.2.7:9646 or [2001:db8::7]:9646", "--serve-history=node-1:9646")]
    [InlineData("serve-history is for nodes, which keep a history, and an ipamd of role controller serves none; leave it out here", "--serve-history=192.0.2.7:9646", "--role=controller")]
    [InlineData("serve-history has nothing to serve while history is off; leave out one of them", "--serve-history=192.0.2.7:9646", "--history=off")]
    [InlineData("serve-history and listen both want port 9646; choose another one for one of them", "--serve-history=192.0.2.7:9646", "--listen=:9646")]
    [InlineData("listen 'localhost:80' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645", "--listen=localhost:80")]
    [InlineData("role 'leader' is none of all, node, controller", "--role=leader")]
    [InlineData("role 'Node' is none of all, node, controller", "--role=Node")]
    [InlineData("node-gone-after is for whoever may lead, and an ipamd of role node never does; give it to the controllers, and leave it out here", "--role=node", "--node-gone-after=600")]
    [InlineData("log-level 'loud' is none of trace, debug, information, warning, error, critical, none", "--log-level=loud")]
    [InlineData("log-level '9' is none of trace, debug, information, warning, error, critical, none", "--log-level=9")]
    [InlineData("log-format 'xml' is none of json, text", "--log-format=xml")]
    [InlineData("gc-grace '4' must be whole seconds from 5 to 3600, or 0 to release nothing without a DEL", "--gc-grace=4")]
    [InlineData("gc-grace '1.5' must be whole seconds from 5 to 3600, or 0 to release nothing without a DEL", "--gc-grace", "1.5")]
    [InlineData("node-gone-after '299' must be whole seconds from 300 to 31536000 (a year), or 0 so that a silent node never counts as gone", "--node-gone-after=299")]
    [InlineData("gc-grace 'never' must be whole seconds from 5 to 3600, or 0 to release nothing without a DEL", "--gc-grace=never")]
    [InlineData("history '0' must be whole days from 1 to 3650 for which it is kept which leases there were, or off", "--history=0")]
    [InlineData("history 'on' must be whole days from 1 to 3650 for which it is kept which leases there were, or off", "--history=on")]
    [InlineData("history-size '15' must be whole MiB from 16 to 1048576 that it may take to keep which leases there were", "--history-size=15")]
    [InlineData("history-size '1G' must be whole MiB from 16 to 1048576 that it may take to keep which leases there were", "--history-size=1G")]
    [InlineData("request-timeout '0' must be seconds from 0.1 to 20; the plugin doesn't wait much longer", "--request-timeout=0")]
    [InlineData("request-timeout '21' must be seconds from 0.1 to 20; the plugin doesn't wait much longer", "--request-timeout=21")]
    [InlineData("request-timeout '5s' must be seconds from 0.1 to 20; the plugin doesn't wait much longer", "--request-timeout=5s")]
    [InlineData("request-timeout '1,5' must be seconds from 0.1 to 20; the plugin doesn't wait much longer", "--request-timeout=1,5")]
    [InlineData("request-timeout 'NaN' must be seconds from 0.1 to 20; the plugin doesn't wait much longer", "--request-timeout=NaN")]
    public void What_cannot_be_used_is_refused(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<OptionException>(() => Read(arguments)).Message);

    [Fact]
    public void A_socket_path_that_the_kernel_would_not_take_is_refused()
    {
        var path = "/" + new string('x', 107);
        Assert.Equal(
            $"socket '{path}' has 108 bytes, and the kernel takes up to 107; choose a shorter path",
            Assert.Throws<OptionException>(() => Read(["--socket", path])).Message);
        Assert.Equal(path[..107], Read(["--socket", path[..107]]).Socket);
    }

    [Theory]
    [InlineData("[]", "{0}: wanted a JSON object, found Array")]
    [InlineData("""{ "Store": "x" }""", "{0}: unknown key \"Store\"; known are \"store\", \"role\", \"socket\", \"listen\", \"node\", \"nodeLabels\", \"spool\", \"takeOver\", \"logLevel\", \"logFormat\", \"requestTimeout\", \"gcGrace\", \"nodeGoneAfter\", \"history\", \"historySize\", \"serveHistory\"")]
    [InlineData("""{ "store": ["x"] }""", "{0}: \"store\" must be a string, a number, true or false, found [\"x\"]")]
    [InlineData("""{ "store": {} }""", "{0}: \"store\" must be a string, a number, true or false, found {}")]
    [InlineData("""{ "store": "\ud800" }""", "{0} can't be read as JSON: a text can't be decoded: there is half of a surrogate pair in it; write the character itself, in UTF-8")]
    [InlineData("""{ "takeOver": "yes" }""", "take-over 'yes' is none of true, false")]
    public void A_file_that_cannot_be_used_is_refused(string json, string message)
    {
        var path = FileWith(json);
        Assert.Equal(
            message.Replace("{0}", path, StringComparison.Ordinal),
            Assert.Throws<OptionException>(() => Read(["--config", path])).Message);
    }

    [Theory]
    [InlineData("/there/is/none.json")]
    [InlineData("")]
    public void A_file_that_is_named_must_be_there(string path) =>
        Assert.StartsWith($"{path} can't be read as JSON: ", Assert.Throws<OptionException>(() => Read([$"--config={path}"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_JSON_is_refused()
    {
        var path = FileWith("""{ "store": """);
        Assert.Equal($"{path} can't be read as JSON: it is no JSON at line 1, byte 12", Assert.Throws<OptionException>(() => Read(["--config", path])).Message);
    }

    [Theory]
    [InlineData("mkfifo", "is a FIFO, wanted is a regular file")]
    [InlineData("mkdir", "is a folder, wanted is a regular file")]
    [InlineData("truncate -s 1048577", "is larger than 1048576 bytes, which is more than such a file may have")]
    public async Task What_is_no_file_of_options_is_told_and_not_waited_for(string make, string expected)
    {
        var path = _folder.Combine("odd.json");
        Command.Run("sh", "-c", $"{make} '{path}'");

        var reading = Task.Run(() => Read(["--config", path])).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal($"{path} can't be read as JSON: {path} {expected}", (await Assert.ThrowsAsync<OptionException>(() => reading)).Message);
    }

    private static ServiceOptions Read(IReadOnlyList<string> arguments, params (string Name, string Value)[] variables) =>
        OptionsReader.Read(arguments, name => Array.Find(variables, variable => variable.Name == name).Value);

    private string FileWith(string json)
    {
        var path = _folder.Combine($"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json);
        return path;
    }
}
