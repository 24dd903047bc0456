using Ipam.Stores.Sqlite;
using Ipam.Web.Reading;

namespace Ipam.Web.Tests.Reading;

public sealed class StoreLookTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_look_that_ends_in_a_fault_that_nobody_thought_of_is_over_all_the_same()
    {
        // Not open: no store's failure says that.
        await using var store = new SqliteStore(_folder.Combine("ipam.db"));
        await using var look = new StoreLook(store, TimeProvider.System);
        look.Ask();
        await Wait.UntilAsync(() => !look.Ask().IsUnderWay, "the end of the look");
        Assert.Contains("is not open", look.Ask().Failure, StringComparison.Ordinal);
    }
}
