using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Core.Ledger;

/// <summary>
/// Numbers the blocks that contain addresses of a set: from 0, in order of address, without gaps. So a search spends no time on excluded parts
/// of a range.
/// </summary>
internal sealed class BlockOrdinals
{
    private readonly UInt128[] _firstBlocks;
    private readonly UInt128[] _lastBlocks;
    private readonly UInt128[] _firstOrdinals;

    public BlockOrdinals(IntervalSet set)
    {
        var runs = new List<(UInt128 First, UInt128 Last)>();
        for (var i = 0; i < set.Count; i++)
        {
            var first = set[i].First.Value >> BlockId.SizeBits;
            var last = set[i].Last.Value >> BlockId.SizeBits;
            if (runs.Count > 0 && first <= runs[^1].Last + 1)
                runs[^1] = (runs[^1].First, last);
            else
                runs.Add((first, last));
        }
        _firstBlocks = [.. runs.Select(static r => r.First)];
        _lastBlocks = [.. runs.Select(static r => r.Last)];
        _firstOrdinals = new UInt128[runs.Count];
        for (var run = 0; run < runs.Count; run++)
        {
            _firstOrdinals[run] = Count;
            Count += runs[run].Last - runs[run].First + 1;
        }
    }

    /// <summary>How many blocks there are.</summary>
    public UInt128 Count { get; }

    /// <summary>The ordinal of a block; false if no address of it is in the set.</summary>
    public bool TryGetOrdinal(UInt128 blockIndex, out UInt128 ordinal)
    {
        var run = RunAtOrAfter(_lastBlocks, blockIndex);
        ordinal = 0;
        if (run == _lastBlocks.Length || _firstBlocks[run] > blockIndex)
            return false;
        ordinal = _firstOrdinals[run] + (blockIndex - _firstBlocks[run]);
        return true;
    }

    /// <summary>The ordinal of the first block at or after <paramref name="blockIndex"/>; <see cref="Count"/> if there is none.</summary>
    public UInt128 OrdinalAtOrAfter(UInt128 blockIndex)
    {
        var run = RunAtOrAfter(_lastBlocks, blockIndex);
        if (run == _lastBlocks.Length)
            return Count;
        return _firstOrdinals[run] + (blockIndex > _firstBlocks[run] ? blockIndex - _firstBlocks[run] : 0);
    }

    /// <summary>The block with <paramref name="ordinal"/>, which is below <see cref="Count"/>.</summary>
    public UInt128 BlockAt(UInt128 ordinal)
    {
        var run = Array.BinarySearch(_firstOrdinals, ordinal);
        run = run < 0 ? ~run - 1 : run;
        return _firstBlocks[run] + (ordinal - _firstOrdinals[run]);
    }

    private static int RunAtOrAfter(UInt128[] lastBlocks, UInt128 blockIndex)
    {
        var at = Array.BinarySearch(lastBlocks, blockIndex);
        return at < 0 ? ~at : at;
    }
}
