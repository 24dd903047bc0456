using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>A commit whose caller has given up, and which is still on its way.</summary>
internal sealed class LateWrite(IReadOnlyList<BlockChange> changes)
{
    public IReadOnlyList<BlockChange> Changes => changes;

    /// <summary>After how many calls of the store it arrives.</summary>
    public int CallsLeft { get; set; }
}
