using Microsoft.Extensions.Time.Testing;

namespace Testing;

/// <summary>
/// A clock that stands still until told otherwise. Unlike <see cref="FakeTimeProvider"/>'s own, waits of less than a second are over at once,
/// so that a pause between two attempts needs no hand; longer ones end by <see cref="FakeTimeProvider.Advance"/>.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset now) : FakeTimeProvider(now)
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime >= TimeSpan.Zero && dueTime < ShortWait
            ? System.CreateTimer(callback, state, TimeSpan.Zero, period)
            : base.CreateTimer(callback, state, dueTime, period);
}

/// <summary>
/// The system's clock, put forward: for tests on real servers, where waits must end by themselves, as those of
/// <see cref="FakeTimeProvider"/> don't.
/// </summary>
public sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
