namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of the table <c>leadership</c>.</summary>
internal sealed class LeadershipRow
{
    /// <summary>What is led.</summary>
    public string Role { get; init; } = "";

    /// <summary>Who leads.</summary>
    public string Holder { get; set; } = "";

    /// <summary>Until when, in milliseconds since the Unix epoch.</summary>
    public long Until { get; set; }
}
