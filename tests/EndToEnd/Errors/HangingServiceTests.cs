using EndToEnd.Support;

namespace EndToEnd.Errors;

/// <summary>What a runtime sees when the service is there, and doesn't answer.</summary>
public sealed class HangingServiceTests : IDisposable
{
    private readonly Site _site = new();
    private readonly NetworkConfig _network = new("hanging-service");

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task When_the_service_hangs_DEL_is_written_down_in_bounded_time_and_ADD_ends_by_itself()
    {
        await using var ipamd = await Ipamd.StartAsync(_site);
        _site.Add(_network).EnsureSuccess();
        ipamd.Signal("STOP");

        var adding = Task.Run(() => _site.Add(_network, "other"));
        var checking = Task.Run(() => _site.Check(_network));
        var deleted = await Task.Run(() => _site.Del(_network).EnsureSuccess());

        Assert.InRange(deleted.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.Single(Directory.GetFiles(_site.Spool, "*.json"));
        Assert.All([await adding, await checking], static outcome =>
        {
            Assert.Contains("no answer within 25 s", outcome.EnsureError(11).Message, StringComparison.Ordinal);
            Assert.InRange(outcome.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        });

        ipamd.Signal("CONT");
        await ipamd.Log.WaitForAsync("is carried out");
        Assert.Empty(Directory.GetFiles(_site.Spool, "*.json"));
    }
}
