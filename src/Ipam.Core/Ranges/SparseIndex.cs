using System.Numerics;

namespace Ipam.Core.Ranges;

/// <summary>
/// A set of integers below 2^128 that finds its next member in a handful of steps however far off it is. Level 0 has a bit per member; a
/// bit on level n + 1 says that a word of level n isn't empty (the first word of each level needs none: nothing is looked for from
/// before it). Only words with a set bit exist. Not thread-safe.
/// </summary>
internal sealed class SparseIndex
{
    private const int WordBits = 6;

    private readonly List<Dictionary<UInt128, ulong>> _levels = [];

    public void Add(UInt128 member)
    {
        for (var level = 0; ; level++)
        {
            if (level == _levels.Count)
                _levels.Add([]);
            var key = member >> WordBits;
            var before = _levels[level].GetValueOrDefault(key);
            _levels[level][key] = before | Bit(member);
            if (before != 0 || key == 0)
                return;
            member = key;
        }
    }

    public void Remove(UInt128 member)
    {
        foreach (var words in _levels)
        {
            var key = member >> WordBits;
            var after = words.GetValueOrDefault(key) & ~Bit(member);
            if (after != 0)
            {
                words[key] = after;
                return;
            }
            words.Remove(key);
            member = key;
        }
    }

    /// <summary>The least member that is not below <paramref name="from"/>; false if there is none.</summary>
    public bool TryNext(UInt128 from, out UInt128 member)
    {
        var level = 0;
        member = from;
        ulong present;
        while ((present = Word(level, member >> WordBits) & (ulong.MaxValue << (int)(member & 63))) == 0)
        {
            if (++level >= _levels.Count)
                return false;
            member = (member >> WordBits) + 1;
        }
        member = FirstBit(member >> WordBits, present);
        while (level > 0)
        {
            level--;
            member = FirstBit(member, Word(level, member));
        }
        return true;
    }

    private static UInt128 FirstBit(UInt128 wordIndex, ulong word) => (wordIndex << WordBits) + (uint)BitOperations.TrailingZeroCount(word);

    private static ulong Bit(UInt128 member) => 1UL << (int)(member & 63);

    private ulong Word(int level, UInt128 index) => level < _levels.Count ? _levels[level].GetValueOrDefault(index) : 0;
}
