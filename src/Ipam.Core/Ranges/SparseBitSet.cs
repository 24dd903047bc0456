using System.Numerics;

namespace Ipam.Core.Ranges;

/// <summary>
/// A set of integers below 2^128 that finds its next absentee in a handful of steps however many members there are. Level 0 has a bit per
/// member; a bit on level n + 1 says that 64 bits of level n are all set. Only words with a set bit exist. Not thread-safe.
/// </summary>
internal sealed class SparseBitSet
{
    private const int WordBits = 6;

    private readonly List<Dictionary<UInt128, ulong>> _levels = [];

    public void Add(UInt128 member)
    {
        for (var level = 0; ; level++)
        {
            if (level == _levels.Count)
                _levels.Add([]);
            var words = _levels[level];
            var before = words.GetValueOrDefault(member >> WordBits);
            var after = before | Bit(member);
            if (after == before)
                return;
            words[member >> WordBits] = after;
            if (after != ulong.MaxValue)
                return;
            member >>= WordBits;
        }
    }

    public void Remove(UInt128 member)
    {
        foreach (var words in _levels)
        {
            var key = member >> WordBits;
            if (!words.TryGetValue(key, out var before) || (before & Bit(member)) == 0)
                return;
            var after = before & ~Bit(member);
            if (after == 0)
                words.Remove(key);
            else
                words[key] = after;
            if (before != ulong.MaxValue)
                return;
            member = key;
        }
    }

    /// <summary>The least integer that is not a member and not below <paramref name="from"/>.</summary>
    public UInt128 NextAbsent(UInt128 from)
    {
        var level = 0;
        var position = from;
        ulong absent;
        while ((absent = ~Word(level, position >> WordBits) & (ulong.MaxValue << (int)(position & 63))) == 0)
        {
            position = (position >> WordBits) + 1;
            level++;
        }
        position = FirstBit(position >> WordBits, absent);
        while (level > 0)
        {
            level--;
            position = FirstBit(position, ~Word(level, position));
        }
        return position;
    }

    private static UInt128 FirstBit(UInt128 wordIndex, ulong word) => (wordIndex << WordBits) + (uint)BitOperations.TrailingZeroCount(word);

    private static ulong Bit(UInt128 member) => 1UL << (int)(member & 63);

    private ulong Word(int level, UInt128 index) => level < _levels.Count ? _levels[level].GetValueOrDefault(index) : 0;
}
