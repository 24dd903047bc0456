using EndToEnd.Support;

namespace EndToEnd.Configurations;

/// <summary>An ADD that is repeated, because its answer was lost, gets the same answer and costs no address.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly Site _site = new();
    private readonly NetworkConfig _network = new("replay") { Ipam = NetworkConfig.Dual };

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Within_one_service_and_after_its_restart()
    {
        string first;
        await using (var ipamd = await Ipamd.StartAsync(_site))
        {
            first = _site.Add(_network).EnsureSuccess().Stdout;
            Assert.Equal(first, _site.Add(_network).EnsureSuccess().Stdout);
            await ipamd.KillAsync();
        }

        await using var again = await Ipamd.StartAsync(_site);

        Assert.Equal(first, _site.Add(_network).EnsureSuccess().Stdout);
        Assert.Equal(2, Ipamctl.Leases(_site).Count);
    }

    [Theory]
    [InlineData("next")]
    [InlineData("lowest")]
    [InlineData("random")]
    public async Task Through_another_service_on_the_same_database(string order)
    {
        var network = _network with { Ipam = $"{_network.Ipam}, \"order\": \"{order}\"" };
        using var other = new Site(sharesDatabaseOf: _site);
        await using var here = await Ipamd.StartAsync(_site);
        await using var there = await Ipamd.StartAsync(other, "--node", "there");

        var first = _site.Add(network).EnsureSuccess().Stdout;

        Assert.Equal(first, other.Add(network).EnsureSuccess().Stdout);
        Assert.Equal(2, Ipamctl.Leases(_site).Count);
        other.Del(network).EnsureSuccess();
        Assert.Empty(Ipamctl.Leases(_site));
        _site.Check(network).EnsureError(102);
        Assert.Equal(_site.Add(network).EnsureSuccess().Stdout, other.Add(network).EnsureSuccess().Stdout);
    }
}
