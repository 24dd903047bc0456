using Ipam.Core.Stores;
using Ipam.Service.Http;

namespace Ipam.Service.Tests.Http;

public sealed class ReadinessTests
{
    private readonly Readiness _readiness = new();

    [Fact]
    public void At_first_the_store_is_being_opened() =>
        Assert.Equal("ipamd is not ready: the store is being opened; try again", Assert.Throws<StoreException>(_readiness.Ensure).Message);

    [Fact]
    public void What_keeps_it_from_being_ready_is_said()
    {
        _readiness.NotReady("the disk is gone");

        Assert.False(_readiness.IsReady);
        Assert.Equal("ipamd is not ready: the disk is gone; try again", Assert.Throws<StoreException>(_readiness.Ensure).Message);
    }

    [Fact]
    public async Task Once_ready_it_stays_so()
    {
        _readiness.NotReady("the disk is gone");
        _readiness.Ready();
        _readiness.NotReady("the disk is gone");

        await _readiness.WhenReady;
        Assert.True(_readiness.IsReady);
        _readiness.Ensure();
    }
}
