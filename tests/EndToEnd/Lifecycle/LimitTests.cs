using System.Diagnostics;
using EndToEnd.Support;

namespace EndToEnd.Lifecycle;

/// <summary>An ipamd that may open few files says so.</summary>
public sealed class LimitTests : WholeMachineTests, IDisposable
{
    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(511)]
    public async Task Too_few_open_files_are_a_message_and_exit_code_1(int most)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"ulimit -n {most}; exec {Repository.Ipamd} --store {_site.Store} --socket {_site.Socket} --spool {_site.Spool}"]);
        await using var ipamd = Ipamd.Launch(_site, start);

        Assert.Equal(1, await ipamd.ExitAsync());
        Assert.Equal($"ipamd: it may open {most} files, and needs 512 or more: raise LimitNOFILE= in the unit, or 'ulimit -n'", ipamd.Log.Text.Trim());
    }
}
