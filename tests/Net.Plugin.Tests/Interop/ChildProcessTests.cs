using System.Text;
using Cni.Protocol;
using Net.Plugin.Interop;

namespace Net.Plugin.Tests.Interop;

public class ChildProcessTests
{
    [Fact]
    public void A_program_gets_its_arguments_environment_and_input_and_nothing_else()
    {
        var result = Run("/bin/sh", ["sh", "-c", "cat; env | sort; echo $1; echo oops >&2; exit 3", "", "äöü"], ["A=1", "B=x=y"], "the input\n");
        Assert.Equal((3, false, "oops"), (result.ExitCode, result.Succeeded, result.ErrorText));
        Assert.StartsWith("the input\nA=1\nB=x=y\n", Text(result), StringComparison.Ordinal);
        Assert.EndsWith("äöü\n", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_input_and_output_do_not_block_each_other()
    {
        var input = new string('x', 3_000_000);
        Assert.Equal(input, Text(Run("/bin/cat", ["cat"], [], input)));
    }

    [Fact]
    public void A_program_that_reads_nothing_is_no_trouble()
    {
        Assert.True(Run("/bin/true", ["true"], [], new string('x', 1_000_000)).Succeeded);
    }

    [Fact]
    public void A_program_that_dies_by_a_signal_has_a_shell_s_exit_code() =>
        Assert.Equal(137, Run("/bin/sh", ["sh", "-c", "kill -9 $$"], [], "").ExitCode);

    [Fact]
    public void Signals_are_as_a_fresh_process_expects_them()
    {
        // glibc's posix_spawn leaves its own two signals, 32 and 33, ignored in the child.
        const ulong Standard = 0x7fffffff;
        var masks = Text(Run("/bin/grep", ["grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"], [], "")).Trim().Split('\n');
        Assert.Equal(2, masks.Length);
        Assert.All(masks, mask => Assert.Equal(0ul, Convert.ToUInt64(mask.Split('\t')[1], 16) & Standard));
    }

    [Fact]
    public void The_plugin_s_own_files_are_not_open_in_it()
    {
        using var file = SystemFile.OpenToRead("/proc/self/ns/net", out _);
        Assert.DoesNotContain("net:[", Text(Run("/bin/ls", ["ls", "-l", "/proc/self/fd"], [], "")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_can_not_be_executed_is_an_error_that_names_it()
    {
        var error = Assert.Throws<SystemCallException>(() => Run("/nowhere/program", ["program"], [], ""));
        Assert.Equal("cannot execute /nowhere/program: No such file or directory (2)", error.Message);
    }

    private static string Text(ChildResult result) => Encoding.UTF8.GetString(result.Output);

    private static ChildResult Run(string path, string[] arguments, string[] environment, string input)
    {
        using var child = ChildProcess.Start(path, arguments, new EnvironmentBlock(environment).Bytes, Encoding.UTF8.GetBytes(input), collectErrors: true);
        return child.WaitForExit();
    }
}
