using Ipam.Stores.Kubernetes.Pools;

namespace Ipam.Stores.Tests.Kubernetes;

/// <summary>What keeps a watch going.</summary>
public sealed class FollowerTests
{
    [Fact]
    public async Task A_watch_is_begun_again_after_any_fault_and_counts_as_broken_until_then()
    {
        Exception[] faults = [new ObjectDisposedException("client"), new FormatException("no number"), new IOException("cut")];
        var (tries, goesOn, isOn) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var follower = new Follower(
            async (started, cancellationToken) =>
            {
                if (tries < faults.Length)
                    throw faults[tries++];
                await goesOn.Task;
                started();
                isOn.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            TimeProvider.System);

        follower.Start();
        Assert.True(follower.IsBrokenFor(TimeSpan.Zero));
        goesOn.SetResult();
        await isOn.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(faults.Length, tries);
        Assert.False(follower.IsBrokenFor(TimeSpan.Zero));
    }
}
