namespace Ipam.Bench.Collection;

/// <summary>The machine's clock, with jumps ahead: nobody waits for grace periods.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ahead;

    public void Jump(TimeSpan by) => _ahead += (long)(by.TotalSeconds * TimestampFrequency);

    public override long GetTimestamp() => base.GetTimestamp() + _ahead;
}
