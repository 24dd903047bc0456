using System.Text;

namespace Cni.Protocol.Tests;

/// <summary>Against real executables: shell scripts in a folder of the test's own.</summary>
[Collection(Processes.Collection)]
public sealed class PluginDelegateTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Config = """{"cniVersion":"1.0.0","name":"net","ipam":{"type":"fake"}}""";

    private readonly TempFolder _folder = new();
    private readonly MemoryStream _stderr = new();
    private readonly List<TimeSpan> _pauses = [];

    private string Stderr => Encoding.UTF8.GetString(_stderr.ToArray());

    public void Dispose() => _folder.Dispose();

    private string Script(string body, string name = "fake")
    {
        var path = _folder.Combine(name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
#pragma warning disable CA1416 // The tests run on Linux.
        File.SetUnixFileMode(path, Executable);
#pragma warning restore CA1416
        return path;
    }

    private PluginDelegate Delegate(Action? whenBusy = null) => new(
        new ProcessRunner(),
        new EnvironmentBlock(
        [
            $"CNI_PATH=/nowhere:{_folder.Path}", "CNI_COMMAND=CHECK", "CNI_CONTAINERID=c1", "CNI_IFNAME=eth0", "PATH=/usr/bin:/bin", "TRACEPARENT=00-ab-cd-01",
        ]),
        () => _stderr)
    {
        Pause = pause =>
        {
            _pauses.Add(pause);
            whenBusy?.Invoke();
        },
    };

    private string Run(string stdin = Config, CniCommand command = CniCommand.Del) =>
        Encoding.UTF8.GetString(Delegate().Run("fake", command, Encoding.UTF8.GetBytes(stdin)).Span);

    private CniResult Add(CniVersion version) => CniResult.Parse(Delegate().Run("fake", CniCommand.Add, default).Span, version);

    [Fact]
    public void It_gets_the_whole_environment_with_the_verb_and_the_same_bytes_on_stdin()
    {
        Script("echo $CNI_COMMAND $CNI_CONTAINERID $CNI_IFNAME $TRACEPARENT $HOME; exec cat");
        const string Odd = " { \"name\" :\"n\",\t\"big\":12345678901234567890, \"\\u0061\":1.50 }\n\n";
        Assert.Equal("DEL c1 eth0 00-ab-cd-01\n" + Odd, Run(Odd));
        Assert.StartsWith("STATUS ", Run(command: CniCommand.Status), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_result_is_read_in_its_own_version()
    {
        Script("""echo '{"cniVersion":"0.2.0","ip4":{"ip":"10.0.0.2/24"}}'""");
        Assert.Equal("10.0.0.2", Add(new CniVersion(1, 0, 0)).Ips[0].Address.ToString());
    }

    [Fact]
    public void A_result_without_version_is_taken_for_the_configurations()
    {
        Script("""echo '{"ips":[{"address":"10.0.0.2/24"}],"ip4":{"ip":"10.9.9.9/24"}}'""");
        Assert.Equal("10.0.0.2", Add(new CniVersion(1, 0, 0)).Ips[0].Address.ToString());
        Assert.Equal("10.9.9.9", Add(new CniVersion(0, 2, 0)).Ips[0].Address.ToString());
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("echo oops", 6)]
    [InlineData("""echo '{"cniVersion":"9.9.9"}'""", 1)]
    public void A_result_that_cannot_be_read_is_an_error(string body, int code)
    {
        Script(body);
        Expect.ErrorWith(code, "", () => Add(new CniVersion(1, 0, 0)));
    }

    [Theory]
    [InlineData("""echo '{"code":50,"msg":"not ready","details":"d"}'; exit 1""", 50, "not ready")]
    [InlineData("""echo '{"cniVersion":"1.0.0","code":11,"msg":"later"}'; exit 7""", 11, "later")]
    [InlineData("""echo '{"code":200,"msg":"own"}'; echo talk >&2; exit 1""", 200, "own")]
    [InlineData("exit 3", 0, "netplugin failed with no error message: exit status 3")]
    [InlineData("echo 'no such thing' >&2; exit 1", 0, "netplugin failed: \"no such thing\n\"")]
    [InlineData("echo oops; exit 1", 0, "netplugin failed but error parsing its diagnostic message \"oops\n\"")]
    [InlineData("echo '[]'; exit 1", 0, "netplugin failed but error parsing its diagnostic message \"[]\n\"")]
    [InlineData("kill -9 $$", 0, "netplugin failed with no error message: exit status 137")]
    public void Its_error_comes_back_with_its_code_or_with_what_is_known(string body, int code, string message)
    {
        Script(body);
        Expect.Error(code, message, () => Run());
    }

    [Fact]
    public void What_it_writes_to_stderr_goes_to_ours_also_when_it_succeeds()
    {
        Script("echo note >&2; echo '{}'");
        Assert.Equal("{}\n", Run());
        Assert.Equal("note\n", Stderr);
    }

    [Fact]
    public void Output_on_both_pipes_and_input_nobody_reads_do_not_block()
    {
        Script("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero");
        Assert.Equal(300_000, Run(new string(' ', 1_000_000)).Length);
        Assert.Equal(300_000, Stderr.Length);
    }

    [Fact]
    public void A_file_that_cannot_be_run_is_an_error_that_names_it()
    {
        var path = _folder.Combine("fake");
        File.WriteAllText(path, "no program");
        var error = Expect.ErrorWith(0, $"netplugin failed with no error message: exec {path}: ", () => Run());
        Assert.Contains("ermission denied", error.Message, StringComparison.Ordinal);
        Assert.Empty(_pauses);
    }

    [Fact]
    public void An_executable_that_is_being_written_is_tried_again_after_a_second()
    {
        var writer = new FileStream(Script("echo done"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var answer = Delegate(whenBusy: writer.Dispose).Run("fake", CniCommand.Del, default);
        Assert.Equal("done\n", Encoding.UTF8.GetString(answer.Span));
        Assert.Contains(TimeSpan.FromSeconds(1), _pauses);
    }

    [Fact]
    public void After_six_attempts_it_gives_up()
    {
        using var writer = new FileStream(Script("echo done"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Expect.ErrorWith(0, "busy", () => Run());
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(1), 5), _pauses);
    }

    [Fact]
    public void Without_such_a_plugin_nothing_is_run() =>
        Expect.ErrorWith(999, "failed to find plugin \"other\" in path [/nowhere ", () => Delegate().Run("other", CniCommand.Add, default));

    [Fact]
    public void A_delegate_of_this_process_has_the_environment_that_it_is_given()
    {
        Script("echo $CNI_COMMAND; test -n \"$PATH\"");
        var environment = new EnvironmentBlock([$"CNI_PATH={_folder.Path}", "PATH=/usr/bin:/bin"]);
        var answer = PluginDelegate.ForProcess(new ProcessRunner(), environment).Run("fake", CniCommand.Gc, default);
        Assert.Equal("GC\n", Encoding.UTF8.GetString(answer.Span));
    }
}
