namespace Ipam.Stores.Tests.Sqlite;

/// <summary>The system's clock, put forward.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    /// <summary>How far.</summary>
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
