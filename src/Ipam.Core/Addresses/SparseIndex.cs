namespace Ipam.Core.Addresses;

/// <summary>
/// Finds the next member in a few steps, however far away it is. A bit on level n + 1 says that a word of level n isn't empty. (The first word
/// of each level needs no such bit, because no search comes from before it.)
/// </summary>
internal sealed class SparseIndex : SparseSet
{
    public override void Add(UInt128 member)
    {
        for (var level = 0; ; level++)
        {
            if (level == Levels.Count)
                Levels.Add([]);
            var key = member >> WordBits;
            var before = Levels[level].GetValueOrDefault(key);
            Levels[level][key] = before | Bit(member);
            if (before != 0 || key == 0)
                return;
            member = key;
        }
    }

    public override void Remove(UInt128 member)
    {
        foreach (var words in Levels)
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
            if (++level >= Levels.Count)
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
}
