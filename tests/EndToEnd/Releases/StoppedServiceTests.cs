using EndToEnd.Support;

namespace EndToEnd.Releases;

/// <summary>A service that stands still for so long that callers give up, and then does what they asked for.</summary>
public sealed class StoppedServiceTests : WholeMachineTests, IDisposable
{
    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_DEL_that_was_given_up_takes_nothing_from_its_containers_next_ADD()
    {
        var network = new NetworkConfig("stopped");
        var containers = Enumerable.Range(0, 50).Select(static i => $"c{i}").ToList();
        await using var ipamd = await Ipamd.StartAsync(_site);
        using var patient = new ServiceHttp(_site.Socket);
        foreach (var container in containers)
            Assert.True((await patient.CallAsync("add", container, network.Json(_site)))!.Succeeded);

        ipamd.Signal("STOP");
        // Each gives up after 8 s, writes the release down and succeeds.
        await Workers.ForEachAsync(containers.Count, containers, container => _site.Del(network, container).EnsureSuccess());
        var adding = containers.ConvertAll(container => patient.CallAsync("add", container, network.Json(_site)));
        ipamd.Signal("CONT");
        var answers = await Task.WhenAll(adding);
        await ipamd.Log.WaitUntilAsync(() => Directory.GetFiles(_site.Spool, "*.json").Length == 0, "is carried out");
        // What came before has been dealt with once a later call is answered.
        (await patient.CallAsync("del", "another", network.Json(_site)))!.EnsureSuccess();

        Assert.Equal(answers.Select(static answer => answer!.Address).Order(), Ipamctl.Addresses(_site, network).Order());
    }
}
