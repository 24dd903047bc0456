using System.IO.Pipes;
using System.Text;

namespace Cni.Protocol.Tests;

public class PluginHostTests
{
    [Theory]
    [InlineData("ADD", "Add")]
    [InlineData("DEL", "Del")]
    [InlineData("CHECK", "Check")]
    [InlineData("STATUS", "Status")]
    [InlineData("GC", "Gc")]
    public void Each_verb_reaches_its_handler_with_the_checked_request(string command, string handler)
    {
        var run = new HostRun { Plugin = new RecordingPlugin { Answer = _ => "result"u8.ToArray() } }.Run(command);
        Assert.Equal((0, "result", ""), (run.ExitCode, run.Stdout, run.Stderr));
        Assert.Equal([handler], run.Plugin.Calls);
        var request = run.Plugin.Request!;
        Assert.Equal(HostRun.Configuration, Encoding.UTF8.GetString(request.Stdin.Span));
        Assert.Equal(("net", "/s", CniVersion.Newest), (request.Head.Name, request.Head.Text(Stdin.Socket), request.Version));
        Assert.Equal("/run/netns/other", request.Environment.NetNs);
    }

    [Fact]
    public void Handlers_that_return_nothing_print_nothing() => Assert.Equal("", new HostRun().Run("DEL").Stdout);

    [Fact]
    public void VERSION_prints_one_line_without_reading_stdin_or_needing_anything()
    {
        // A pipe whose writer stays: reading it would hang, and using a closed reader would throw.
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        var reader = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        reader.Dispose();
        var run = new HostRun { Input = reader };
        run.Variables.Clear();
        run.Run("VERSION");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n", run.Stdout);
        Assert.Empty(run.Plugin.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_verb_it_says_what_it_is_on_stderr(string? command)
    {
        var run = new HostRun { Input = new BrokenStream() }.With("CNI_IFNAME", "!/").Run(command);
        Assert.Equal((0, ""), (run.ExitCode, run.Stdout));
        Assert.Equal(
            "CNI test plugin v1\nCNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n", run.Stderr);
    }

    [Fact]
    public void An_error_goes_to_stdout_as_an_object_and_the_exit_code_is_1()
    {
        var run = new HostRun { Plugin = new RecordingPlugin { Answer = _ => throw new CniException(11, "later", "store down") } }.Run("ADD");
        Assert.Equal((1, """{"code":11,"msg":"later","details":"store down"}""", ""), (run.ExitCode, run.Stdout, run.Stderr));
    }

    [Fact]
    public void A_fault_without_a_place_in_the_protocol_is_code_999_with_its_text()
    {
        var run = new HostRun { Plugin = new RecordingPlugin { Answer = _ => throw new InvalidDataException("odd") } }.Run("ADD");
        Assert.Equal((1, new CniError(999, "InvalidDataException: odd", "this is a fault of the plugin; please report it with the configuration")), (run.ExitCode, run.Error));
    }

    [Fact]
    public void Missing_variables_are_reported_before_stdin_is_read()
    {
        var run = new HostRun { Input = new BrokenStream() }.With("CNI_NETNS", null).With("CNI_PATH", "").Run("ADD");
        Assert.Equal(new CniError(4, "required env variables [CNI_NETNS,CNI_PATH] missing"), run.Error);
    }

    [Fact]
    public void Stdin_that_cannot_be_read_is_code_5()
    {
        var run = new HostRun { Input = new BrokenStream() }.Run("ADD");
        Assert.Equal(new CniError(5, "error reading from stdin: broken pipe"), run.Error);
    }

    [Fact]
    public void Bad_stdin_beats_an_unknown_verb()
    {
        Assert.Equal(6, HostRun.WithStdin("x").Run("UPDATE").Error.Code);
        Assert.Equal(7, HostRun.WithStdin("{}").Run("UPDATE").Error.Code);
        Assert.Equal((4, "unknown CNI_COMMAND: UPDATE"), (new HostRun().Run("UPDATE").Error.Code, new HostRun().Run("UPDATE").Error.Message));
        // No verb, no needs: the other variables aren't looked at.
        Assert.Equal("unknown CNI_COMMAND: add", new HostRun().With("CNI_CONTAINERID", null).Run("add").Error.Message);
    }

    [Theory]
    [InlineData("0.3.1", "CHECK", 1, "config version does not allow CHECK")]
    [InlineData("1.0.0", "STATUS", 1, "config version does not allow STATUS")]
    [InlineData("1.0.0", "GC", 1, "config version does not allow GC")]
    [InlineData("9.9.9", "ADD", 1, "incompatible CNI versions")]
    [InlineData("x", "DEL", 1, "incompatible CNI versions")]
    [InlineData("x", "CHECK", 6, "failed to convert major version part \"x\": wanted a number")]
    public void The_configurations_version_must_have_the_verb(string version, string command, int code, string message)
    {
        var run = HostRun.WithStdin($$"""{"name":"n","cniVersion":"{{version}}"}""").Run(command);
        Assert.Equal((1, code, message), (run.ExitCode, run.Error.Code, run.Error.Message));
        Assert.Empty(run.Plugin.Calls);
    }

    [Theory]
    [InlineData("ADD")]
    [InlineData("DEL")]
    [InlineData("CHECK")]
    public void The_plugins_own_namespace_is_refused_before_any_effect(string command)
    {
        var run = new HostRun { IsOwnNetNs = path => path == "/own" }.With("CNI_NETNS", "/own").Run(command);
        Assert.Equal((1, 8), (run.ExitCode, run.Error.Code));
        Assert.Equal("plugin's netns and netns from CNI_NETNS should not be the same", run.Error.Message);
        Assert.Empty(run.Plugin.Calls);
    }

    [Theory]
    [InlineData("STATUS", "")]
    [InlineData("GC", "")]
    [InlineData("ADD", "1")]
    [InlineData("DEL", "true")]
    [InlineData("CHECK", "TRUE")]
    public void The_own_namespace_is_fine_for_verbs_without_attachment_and_with_the_override(string command, string netNsOverride)
    {
        var run = new HostRun { IsOwnNetNs = _ => true }.With("CNI_NETNS_OVERRIDE", netNsOverride).Run(command);
        Assert.Equal((0, 1), (run.ExitCode, run.Plugin.Calls.Count));
    }

    [Fact]
    public void DEL_without_a_namespace_is_served() =>
        Assert.Equal(["Del"], new HostRun { IsOwnNetNs = _ => true }.With("CNI_NETNS", "").Run("DEL").Plugin.Calls);

    [Theory]
    [InlineData("\"prevResult\":\"junk\"")]
    [InlineData("\"dns\":[],\"runtimeConfig\":1,\"args\":2")]
    [InlineData("\"cni.dev/valid-attachments\":1")]
    public void DEL_does_not_fail_over_what_it_never_needs(string members) =>
        Assert.Equal(0, HostRun.WithStdin($$"""{"name":"n",{{members}}}""").Run("DEL").ExitCode);

    [Fact]
    public void A_host_may_do_without_CNI_PATH() =>
        Assert.Equal(0, new HostRun { RequirePath = false }.With("CNI_PATH", null).Run("ADD").ExitCode);

    [Fact]
    public void Stdout_that_cannot_be_written_is_told_on_stderr()
    {
        var run = new HostRun { Output = new BrokenStream(), Plugin = new RecordingPlugin { Answer = _ => "x"u8.ToArray() } }.Run("ADD");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("cannot write to stdout: broken pipe; the error was: cannot write the answer to stdout: broken pipe; ", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void So_are_the_versions_and_nobody_is_asked_to_report_a_fault()
    {
        var run = new HostRun { Output = new BrokenStream() }.Run("VERSION");
        Assert.Equal(
            (1, "cannot write to stdout: broken pipe; the error was: cannot write the answer to stdout: broken pipe\n"), (run.ExitCode, run.Stderr));
    }

    [Fact]
    public void An_ADD_whose_result_nobody_gets_is_undone_by_the_plugin_s_own_DEL()
    {
        var run = new HostRun { Output = new BrokenStream(), Plugin = new RecordingPlugin { Answer = _ => "x"u8.ToArray() } }.Run("ADD");
        Assert.Equal(["Add", "Del"], run.Plugin.Calls);
        Assert.Equal((CniCommand.Del, "c1", "eth0"),
            (run.Plugin.Request!.Environment.Command, run.Plugin.Request.Environment.ContainerId, run.Plugin.Request.Environment.IfName));
        Assert.Contains("what the ADD had done is undone", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_not_be_undone_then_is_said()
    {
        var plugin = new RecordingPlugin
        {
            Answer = request => request.Environment.Command == CniCommand.Add ? "x"u8.ToArray() : throw new CniException(11, "not now"),
        };
        var run = new HostRun { Output = new BrokenStream(), Plugin = plugin }.Run("ADD");
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("what the ADD had done could not be undone, send a DEL: not now\n", run.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CHECK")]
    [InlineData("DEL")]
    [InlineData("GC")]
    public void Only_an_ADD_is_undone(string command)
    {
        var run = new HostRun { Output = new BrokenStream(), Plugin = new RecordingPlugin { Answer = _ => "x"u8.ToArray() } }.Run(command);
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Plugin.Calls);
    }

    [Fact]
    public void Where_stderr_takes_nothing_either_it_ends_with_1_all_the_same()
    {
        var plugin = new RecordingPlugin { Answer = _ => "x"u8.ToArray() };
        var host = new PluginHost(
            name => name == "CNI_COMMAND" ? "ADD" : new HostRun().Variables.GetValueOrDefault(name),
            new MemoryStream(Encoding.UTF8.GetBytes(HostRun.Configuration)), new BrokenStream(), () => new BrokenStream())
        {
            IsOwnNetNs = _ => false,
        };
        Assert.Equal(1, host.Run(plugin));
        Assert.Equal(["Add", "Del"], plugin.Calls);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 6)]
    public void Input_has_one_limit_and_what_is_larger_is_told_so(int more, int code)
    {
        var start = """{"name":"n","filler":" """;
        var run = HostRun.WithStdin($"{start}{new string('x', PluginRequest.LargestStdin - start.Length - 2 + more)}\"}}").Run("DEL");
        Assert.Equal(code, run.ExitCode == 0 ? 0 : run.Error.Code);
        if (code != 0)
            Assert.Equal("the configuration on stdin is larger than 4 MiB", run.Error.Message);
    }

    [Theory]
    [InlineData("""{"name":"n","x":"\ud800"}""")]
    [InlineData("""{"name":"n","\udc00":1,"ipam":{"\udc00":1}}""")]
    [InlineData("""{"name":"n","x":[{"y":"\ud800"}],"dns":{"\ud800":1}}""")]
    public void Half_a_surrogate_pair_where_nobody_looks_is_no_fault(string json)
    {
        var run = new HostRun
        {
            Input = new MemoryStream(Encoding.UTF8.GetBytes(json)),
            Plugin = new RecordingPlugin { Answer = request => (request.ReadConfiguration().Dns, default(ReadOnlyMemory<byte>)).Item2 },
        }.Run("DEL");
        Assert.Equal((0, ""), (run.ExitCode, run.Stdout));
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(9_999, 0)]
    [InlineData(10_000, 6)]
    public void Values_may_be_nested_as_deep_as_the_reference_library_takes_them(int depth, int code)
    {
        var run = HostRun.WithStdin($$"""{"name":"n","x":{{new string('[', depth)}}{{new string(']', depth)}}}""").Run("DEL");
        Assert.Equal(code, run.ExitCode == 0 ? 0 : run.Error.Code);
        if (code != 0)
            Assert.Contains("values nested more than 10000 deep", run.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, "No space left on device (28)")]
    [InlineData(32, "Broken pipe (32)")]
    public void The_system_s_reason_is_told_whatever_texts_the_framework_has(int errno, string reason)
    {
        Assert.Equal(reason, Fault.Reason(new IOException("IO_UnknownError", errno)));
        Assert.Equal(reason, Fault.Reason(new UnauthorizedAccessException("UnauthorizedAccess_IODenied_NoPathName", new IOException("x", errno))));
    }

    [Fact]
    public void The_name_of_a_text_is_never_shown()
    {
        Assert.Equal("unexpected fault in the plugin: ArgumentException", Fault.Unexpected(new ArgumentException("Arg_ParamName_Name, odd")).Message);
        Assert.Equal("unexpected fault in the plugin: ArgumentException",
            Fault.Unexpected(new ArgumentException("Argument_NullCharInPath Arg_ParamName_Name, path")).Message);
        Assert.Equal("it failed with IOException", Fault.Reason(new IOException("IO_FileTooLong2GB")));
    }

    [Fact]
    public void Long_input_in_small_pieces_arrives_whole()
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        var json = Encoding.UTF8.GetBytes($$"""{"name":"n","filler":"{{new string('x', 300_000)}}"}""");
        var feeder = new Thread(() =>
        {
            foreach (var piece in json.Chunk(7_777))
                writer.Write(piece);
            writer.Dispose();
        });
        feeder.Start();
        var run = new HostRun { Input = reader }.Run("ADD");
        feeder.Join();
        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Plugin.Request!.Stdin.Span.SequenceEqual(json));
    }
}
