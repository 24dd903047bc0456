namespace Ipam.Stores.Sqlite.Model;

/// <summary>The one row of the table <c>store</c>.</summary>
internal sealed class StoreRow
{
    /// <summary>1.</summary>
    public int Id { get; init; }

    /// <summary>Grows with every commit.</summary>
    public long Revision { get; init; }

    /// <summary>Random; another one in a file that was created anew.</summary>
    public string Identity { get; init; } = "";

    /// <summary>The identity before which an admin accepted a loss; empty if none ever did.</summary>
    public string Accepted { get; init; } = "";

    /// <summary>Grows with every change of a pool or a reservation.</summary>
    public long Catalog { get; set; }
}
