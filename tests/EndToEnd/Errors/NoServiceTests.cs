using EndToEnd.Support;

namespace EndToEnd.Errors;

/// <summary>What a runtime sees when the service isn't there.</summary>
public sealed class NoServiceTests : WholeMachineTests, IDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private readonly Site _site = new();
    private readonly NetworkConfig _network = new("no-service");

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("ADD", 11)]
    [InlineData("CHECK", 11)]
    [InlineData("GC", 11)]
    [InlineData("STATUS", 50)]
    public void Without_a_service_every_verb_but_DEL_fails_at_once_and_names_the_socket(string command, int code)
    {
        var outcome = CniPlugin.Run(new CniCall(command) { Stdin = _network.Json(_site) });

        var error = outcome.EnsureError(code);
        Assert.Contains(_site.Socket, error.Message, StringComparison.Ordinal);
        Assert.Contains("ipamd", error.Details, StringComparison.Ordinal);
        Assert.InRange(outcome.Elapsed, TimeSpan.Zero, AtOnce);
    }

    [Fact]
    public async Task A_socket_that_a_dead_service_left_is_no_service_either()
    {
        await using (var ipamd = await Ipamd.StartAsync(_site))
            await ipamd.KillAsync();
        Assert.True(File.Exists(_site.Socket), "the killed service should have left its socket");

        var outcome = _site.Add(_network);

        Assert.Contains("nobody listens", outcome.EnsureError(11).Message, StringComparison.Ordinal);
        Assert.InRange(outcome.Elapsed, TimeSpan.Zero, AtOnce);
    }

    [Fact]
    public void A_socket_path_longer_than_the_kernel_takes_is_named()
    {
        var json = _network.Json(_site).Replace(_site.Socket, $"/run/{new string('x', 120)}/ipamd.sock", StringComparison.Ordinal);

        var error = CniPlugin.Run(new CniCall("ADD") { Stdin = json }).EnsureError(11);

        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_a_DEL_can_be_neither_served_nor_written_down_it_fails_and_says_both()
    {
        File.WriteAllText(_site.Spool, "a file where a folder should be");

        var error = _site.Del(_network).EnsureError(11);

        Assert.Contains(_site.Socket, error.Message, StringComparison.Ordinal);
        Assert.Contains(_site.Spool, error.Details, StringComparison.Ordinal);
    }
}
