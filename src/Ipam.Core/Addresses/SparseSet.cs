using System.Numerics;

namespace Ipam.Core.Addresses;

/// <summary>
/// A set of integers below 2^128 on several levels. Level 0 has one bit per member. Each other level has one bit for each word of the level
/// below. Only words with a set bit exist. Not thread-safe.
/// </summary>
internal abstract class SparseSet
{
    /// <summary>A word has 2 to the power of this bits.</summary>
    protected const int WordBits = 6;

    /// <summary>Words by their index, level by level.</summary>
    protected List<Dictionary<UInt128, ulong>> Levels { get; } = [];

    public abstract void Add(UInt128 member);

    public abstract void Remove(UInt128 member);

    /// <summary>Adds or removes the member.</summary>
    public void Set(UInt128 member, bool isMember)
    {
        if (isMember)
            Add(member);
        else
            Remove(member);
    }

    protected static UInt128 FirstBit(UInt128 wordIndex, ulong word) => (wordIndex << WordBits) + (uint)BitOperations.TrailingZeroCount(word);

    protected static ulong Bit(UInt128 member) => 1UL << (int)(member & 63);

    protected ulong Word(int level, UInt128 index) => level < Levels.Count ? Levels[level].GetValueOrDefault(index) : 0;
}
