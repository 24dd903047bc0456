namespace Ipam.Stores.Sqlite.Model;

/// <summary>A row of the table <c>leadership</c>.</summary>
internal sealed class LeadershipRow
{
    /// <summary>What is led.</summary>
    public string Role { get; init; } = "";

    /// <summary>Who leads: the record as text.</summary>
    public string Holder { get; set; } = "";

    /// <summary>The record's version. An older program has a time here, in rows of its own.</summary>
    public long Until { get; set; }
}
