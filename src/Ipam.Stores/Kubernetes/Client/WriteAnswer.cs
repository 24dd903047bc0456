namespace Ipam.Stores.Kubernetes.Client;

/// <summary>The answer to a write.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Meta">The object as written; null if it wasn't, or was deleted.</param>
internal sealed record WriteAnswer(WriteOutcome Outcome, ObjectMeta? Meta);
