namespace Ipam.Core.Addresses;

/// <summary>
/// Finds the next integer that is not a member, in a few steps, however many members there are. A bit on level n + 1 says that 64 bits of
/// level n are all set.
/// </summary>
internal sealed class SparseBitSet : SparseSet
{
    public override void Add(UInt128 member)
    {
        for (var level = 0; ; level++)
        {
            if (level == Levels.Count)
                Levels.Add([]);
            var words = Levels[level];
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

    public override void Remove(UInt128 member)
    {
        foreach (var words in Levels)
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
}
