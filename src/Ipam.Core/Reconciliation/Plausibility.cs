namespace Ipam.Core.Reconciliation;

/// <summary>Whether the list of a source can be believed. Not thread-safe.</summary>
internal sealed class Plausibility(TimeProvider time, TimeSpan believeAfter)
{
    private int _believed;
    private long? _shrunkSince;

    /// <summary>A sentence on why a reading's list can't be believed; null if it can.</summary>
    public string? Objection(Reading reading)
    {
        if (reading.Size is not { } size)
            return null;
        if (size == 0)
            return $"the list of {reading.Source} is empty";
        if (2L * size >= _believed)
        {
            (_believed, _shrunkSince) = (size, null);
            return null;
        }
        _shrunkSince ??= reading.BeganAt;
        if (time.GetElapsedTime(_shrunkSince.Value, reading.BeganAt) >= believeAfter)
        {
            (_believed, _shrunkSince) = (size, null);
            return null;
        }
        return $"the list of {reading.Source} has shrunk from {_believed} to {size}";
    }
}
