using Ipam.Core.Administration;
using Ipam.Core.Blocks;

namespace Ipam.Web.Reading;

/// <summary>What is free in a pool.</summary>
internal sealed class PoolMap
{
    public PoolMap(AddressMap map)
    {
        Free = [.. map.Spans.SelectMany(map.RunsOf).Where(static run => run.State == AddressState.Free)];
        Damaged = map.Damaged;
    }

    /// <summary>The runs of free addresses, in order.</summary>
    public IReadOnlyList<AddressRun> Free { get; }

    /// <summary>The damaged blocks of its space.</summary>
    public IReadOnlyList<DamagedBlock> Damaged { get; }
}
