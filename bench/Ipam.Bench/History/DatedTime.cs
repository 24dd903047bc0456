namespace Ipam.Bench.History;

/// <summary>The machine's clock, some time ago by the date.</summary>
internal sealed class DatedTime : TimeProvider
{
    /// <summary>How long ago.</summary>
    public TimeSpan Ago { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Ago;
}
