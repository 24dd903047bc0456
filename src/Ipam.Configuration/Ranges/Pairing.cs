namespace Ipam.Configuration.Ranges;

/// <summary>Pairs items with slots so that as many items as possible have a slot of their own (augmenting paths, Kuhn 1955).</summary>
public static class Pairing
{
    private const int None = -1;

    /// <summary>Per item its slot, or null for an item that has to go without. Earlier items and earlier slots come first.</summary>
    /// <param name="items">How many items there are.</param>
    /// <param name="slots">How many slots there are.</param>
    /// <param name="fits">Whether an item (first) may have a slot (second).</param>
    /// <param name="before">A pairing to go on from: an item that has a slot there leaves it only to make room for another; null for none.</param>
    public static int?[] Of(int items, int slots, Func<int, int, bool> fits, int?[]? before = null)
    {
        var itemOf = new int[slots];
        Array.Fill(itemOf, None);
        for (var item = 0; item < items; item++)
        {
            if (before?[item] is { } slot)
                itemOf[slot] = item;
        }
        for (var item = 0; item < items; item++)
        {
            if (before?[item] is null)
                TryPair(item, itemOf, new bool[slots], fits);
        }

        var slotOf = new int?[items];
        for (var slot = 0; slot < slots; slot++)
        {
            if (itemOf[slot] != None)
                slotOf[itemOf[slot]] = slot;
        }
        return slotOf;
    }

    /// <summary>Finds a free slot, or else one whose item can move to another.</summary>
    private static bool TryPair(int item, int[] itemOf, bool[] seen, Func<int, int, bool> fits)
    {
        for (var slot = 0; slot < itemOf.Length; slot++)
        {
            if (itemOf[slot] == None && fits(item, slot))
            {
                itemOf[slot] = item;
                return true;
            }
        }
        for (var slot = 0; slot < itemOf.Length; slot++)
        {
            if (seen[slot] || !fits(item, slot))
                continue;
            seen[slot] = true;
            if (TryPair(itemOf[slot], itemOf, seen, fits))
            {
                itemOf[slot] = item;
                return true;
            }
        }
        return false;
    }
}
