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
        Assert.Equal((1, new CniError(999, "InvalidDataException: odd")), (run.ExitCode, run.Error));
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
        Assert.Equal("cannot write to stdout: broken pipe; the error was: IOException: broken pipe\n", run.Stderr);
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
