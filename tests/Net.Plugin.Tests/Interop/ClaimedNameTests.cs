using Net.Plugin.Interop;
using Net.Plugin.Tests.Support;

namespace Net.Plugin.Tests.Interop;

public class ClaimedNameTests
{
    [Fact]
    public void A_name_is_held_by_one_at_a_time_and_free_afterwards()
    {
        var name = $"nptp-test/{Guid.NewGuid():N}";
        using (ClaimedName.TryClaim(name))
        {
            Assert.Null(ClaimedName.TryClaim(name));
            using var other = ClaimedName.TryClaim($"{name}-other");
            Assert.NotNull(other);
        }
        using var again = ClaimedName.TryClaim(name);
        Assert.NotNull(again);
    }

    [Fact]
    public void Who_waits_goes_on_when_the_last_holder_ends()
    {
        var name = $"nptp-test/{Guid.NewGuid():N}";
        Assert.False(ClaimedName.TryWaitUntilFree(name, TimeSpan.FromSeconds(30)));
        ChildProcess holder;
        using (var claim = ClaimedName.TryClaim(name))
            holder = ChildProcess.Start("/bin/sh", ["sh", "-c", "sleep 0.2; echo done"], [], [], collectErrors: false, keep: claim);
        using (holder)
        {
            Assert.Null(ClaimedName.TryClaim(name));
            Assert.True(ClaimedName.TryWaitUntilFree(name, TimeSpan.FromSeconds(30)));
            Assert.True(holder.WaitForExit().Succeeded);
        }
        using var again = ClaimedName.TryClaim(name);
        Assert.NotNull(again);
    }

    [Fact]
    public void Nobody_waits_for_ever()
    {
        var name = $"nptp-test/{Guid.NewGuid():N}";
        using var claim = ClaimedName.TryClaim(name);
        Assert.True(ClaimedName.TryWaitUntilFree(name, TimeSpan.FromMilliseconds(10)));
        Assert.Null(ClaimedName.TryClaim(name));
    }

    [RootFact("ip")]
    public void Each_network_namespace_has_its_own_names()
    {
        using var elsewhere = new TestNamespace();
        using var here = ClaimedName.TryClaim("nptp-test/same");
        using var there = elsewhere.Namespace.Run(() => ClaimedName.TryClaim("nptp-test/same"));
        Assert.NotNull(here);
        Assert.NotNull(there);
    }
}
