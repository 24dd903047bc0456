namespace Ipam.Stores.Kubernetes.Client;

/// <summary>The answer to a write.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Meta">The object as written; null if it wasn't, or was deleted.</param>
internal readonly record struct WriteAnswer(WriteOutcome Outcome, ObjectMeta? Meta);

/// <summary>What became of a write.</summary>
internal enum WriteOutcome
{
    /// <summary>It was done, durably.</summary>
    Written,

    /// <summary>The object has another version, or is there already. Nothing was written.</summary>
    Conflict,

    /// <summary>There is no such object. Nothing was written.</summary>
    Missing,
}
