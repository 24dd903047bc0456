using Ipam.Core.Blocks;
using Ipam.Core.Ledger;

namespace Ipam.Core.Allocation;

/// <summary>What became of the blocks that one round of the loop changed, as far as it is known.</summary>
internal sealed class RoundOutcome(AddressLedger ledger)
{
    private readonly HashSet<BlockId> _aborted = [];

    /// <summary>Blocks that turned out to differ from what the plans assumed.</summary>
    public HashSet<BlockId> Conflicted { get; } = [];

    /// <summary>Those of them that memory took for nobody's, and that somebody has.</summary>
    public HashSet<BlockId> Unknown { get; } = [];

    /// <summary>Another commit of the round came back.</summary>
    public void Add(CommitReport report)
    {
        Conflicted.UnionWith(report.Conflicted);
        Unknown.UnionWith(report.Unknown);
        _aborted.UnionWith(report.Aborted);
    }

    /// <summary>Whether the block isn't as it was planned: the change was refused, or is yet to be committed.</summary>
    public bool IsUnwritten(BlockId block) =>
        Conflicted.Contains(block) || _aborted.Contains(block) || (ledger.Dirty.Count > 0 && ledger.Find(block) is { } known && ledger.Dirty.Contains(known));

    /// <summary>Whether what an operation answers is durable, and all that it has to know is known.</summary>
    public bool Settles(Operation operation)
    {
        if (operation.Needs is not null || operation.IsOverthrown || operation.ReliesOn.Exists(block => IsUnwritten(block.Id) || IsUnconfirmed(block, operation)))
            return false;
        return !operation.IsRefused
            || !(Conflicted.Concat(_aborted).Any(operation.Concerns) || ledger.Dirty.Any(block => operation.Concerns(block.Id)));
    }

    /// <summary>Whether the answer relies on a block that nobody has compared with the store since the operation came.</summary>
    public static bool IsUnconfirmed(LedgerBlock block, Operation operation) => block.Stored.Version != 0 && block.ConfirmedIn <= operation.ArrivedIn;
}
