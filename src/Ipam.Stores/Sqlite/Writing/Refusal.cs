using Ipam.Core.Blocks;

namespace Ipam.Stores.Sqlite.Writing;

/// <summary>A reason why a commit can't be.</summary>
/// <param name="Change">Index of the change it is about.</param>
/// <param name="Owner">The owner who holds what the change would give again; null if the block has another version.</param>
internal readonly record struct Refusal(int Change, Owner? Owner);
