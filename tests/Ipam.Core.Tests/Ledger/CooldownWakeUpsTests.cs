using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Ledger;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Ledger;

public class CooldownWakeUpsTests
{
    [Fact]
    public void A_block_has_one_wake_up_however_many_of_its_addresses_cool_down()
    {
        var time = new ManualTimeProvider(Some.Instant);
        var ledger = new AddressLedger("node", time);
        for (var second = 1; second <= 1800; second++)
        {
            ledger.EndCooldowns();
            var lease = Some.Lease($"10.0.0.{second % 64}", sequence: second) with { Cooldown = TimeSpan.FromSeconds(30) };
            ledger.Take(lease);
            ledger.Release(lease, new ReleaseReason(ReleaseCause.Del, "node"));
            Assert.InRange(ledger.WakeUps.Count, 0, 1);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        var block = ledger.Find(BlockId.Of(Some.Space, Address.Parse("10.0.0.0")))!;
        Assert.InRange(System.Numerics.BitOperations.PopCount(block.Cooling), 29, 31);

        time.Advance(TimeSpan.FromSeconds(31));
        ledger.EndCooldowns();
        Assert.Equal((0UL, 0), (block.Cooling, ledger.WakeUps.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Blocks_are_taken_in_the_order_of_the_times_that_they_were_given_last(int seed)
    {
        var random = new Random(seed);
        var (wakeUps, expected) = (new CooldownWakeUps(), new Dictionary<BlockId, DateTimeOffset>());
        var now = Some.Instant;
        for (var step = 0; step < 2000; step++)
        {
            var block = new BlockId(random.Next(2) == 0 ? "a" : "b", random.Next(2) == 0 ? IpFamily.V4 : IpFamily.V6, (UInt128)(uint)random.Next(5));
            if (random.Next(3) > 0)
            {
                DateTimeOffset? at = random.Next(5) == 0 ? null : now.AddSeconds(random.Next(20));
                wakeUps.Await(block, at);
                if (at is { } time)
                    expected[block] = time;
                else
                    expected.Remove(block);
            }
            now = now.AddSeconds(random.Next(3));
            while (wakeUps.TryTake(now, out var taken))
            {
                Assert.Equal(expected.Values.Min(), expected[taken]);
                expected.Remove(taken);
            }
            Assert.DoesNotContain(expected.Values, at => at <= now);
            Assert.Equal(expected.Count, wakeUps.Count);
        }
    }
}
