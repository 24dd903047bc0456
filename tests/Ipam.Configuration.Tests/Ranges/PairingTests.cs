using Ipam.Configuration.Ranges;

namespace Ipam.Configuration.Tests.Ranges;

/// <summary>Pairing, beside a search through all possibilities.</summary>
public sealed class PairingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void As_many_items_as_possible_get_a_slot_of_their_own(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var (items, slots) = (random.Next(6), random.Next(6));
            var fits = new bool[items, slots];
            for (var i = 0; i < items * slots; i++)
                fits[i / slots, i % slots] = random.Next(3) == 0;

            var slotOf = Pairing.Of(items, slots, (item, slot) => fits[item, slot]);

            var used = slotOf.OfType<int>().ToList();
            Assert.Equal(used.Distinct(), used);
            Assert.All(Enumerable.Range(0, items), item => Assert.True(slotOf[item] is not { } slot || fits[item, slot]));
            Assert.True(used.Count == Most(fits, 0, []), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Earlier_slots_come_first() => Assert.Equal([0, 1, null], Pairing.Of(3, 2, static (_, _) => true));

    private static int Most(bool[,] fits, int item, HashSet<int> used)
    {
        if (item == fits.GetLength(0))
            return 0;
        var most = Most(fits, item + 1, used);
        for (var slot = 0; slot < fits.GetLength(1); slot++)
        {
            if (!fits[item, slot] || !used.Add(slot))
                continue;
            most = Math.Max(most, 1 + Most(fits, item + 1, used));
            used.Remove(slot);
        }
        return most;
    }
}
