namespace EndToEnd.Leaks;

/// <summary>A container whose lease lost its owner.</summary>
/// <param name="Container">Its id.</param>
/// <param name="Kind">How.</param>
/// <param name="At">When its owner was gone: a timestamp.</param>
internal sealed record Loss(string Container, LossKind Kind, long At)
{
    /// <summary>When its release was told, or another sandbox of its pod had its address: a timestamp; null if neither was so.</summary>
    public long? ToldAt { get; set; }

    /// <summary>Whether it held an address for certain.</summary>
    public bool IsCertain => Kind != LossKind.KilledDuringAdd;
}
