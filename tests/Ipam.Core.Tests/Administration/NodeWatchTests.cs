using Ipam.Core.Administration;
using Ipam.Core.Stores;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Administration;

public sealed class NodeWatchTests
{
    private static readonly NodeEntry Entry = new("a", "machine", "run", "host", "first", 7);

    private readonly InMemoryNodes _nodes = new();
    private readonly PassingTime _time = new(Some.Instant);

    [Fact]
    public async Task A_node_is_silent_whose_entry_stays_for_longer_than_two_renewals()
    {
        await PutAsync(Entry, null);

        Assert.False(await ReportsAsync());

        Assert.InRange(_time.Passed / _nodes.RenewEvery, 2.01, 3);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.1)]
    public async Task One_that_renews_its_entry_in_time_reports_and_the_watch_ends(double after)
    {
        await PutAsync(Entry, null);
        Happens(after, () => PutAsync(Entry with { Renewals = 8 }, "run"));

        Assert.True(await ReportsAsync());

        Assert.InRange(_time.Passed / _nodes.RenewEvery, after, after + 0.3);
    }

    [Fact]
    public async Task One_that_had_no_entry_and_writes_one_reports()
    {
        Happens(1, () => PutAsync(Entry, null));

        Assert.True(await ReportsAsync());
    }

    [Fact]
    public async Task One_that_takes_its_leave_does_not()
    {
        await PutAsync(Entry, null);
        Happens(1, () => PutAsync(Entry with { Run = "" }, "run"));
        Assert.False(await ReportsAsync());

        Happens(1, () => _nodes.RemoveAsync(Entry with { Run = "" }, default));
        Assert.False(await ReportsAsync());
    }

    private async Task<bool> ReportsAsync() => await (await NodeWatch.BeginAsync(_nodes, _time, "a", default)).ReportsAsync(default);

    private async Task PutAsync(NodeEntry entry, string? formerRun) => Assert.True(await _nodes.PutAsync(entry, formerRun, default));

    private void Happens(double renewals, Func<Task> what)
    {
        var at = _time.Passed + (renewals * _nodes.RenewEvery);
        var isDone = false;
        _time.Passing = passed =>
        {
            if (isDone || passed < at)
                return;
            isDone = true;
            what().Wait();
        };
    }
}
