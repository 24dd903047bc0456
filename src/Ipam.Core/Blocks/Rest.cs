using Ipam.Core.Addresses;

namespace Ipam.Core.Blocks;

/// <summary>The rest of freed addresses.</summary>
internal static class Rest
{
    /// <summary>The addresses that still rest at an instant.</summary>
    public static List<RestingAddress> At(IEnumerable<RestingAddress> resting, DateTimeOffset now) =>
        [.. resting.Where(address => address.Until > now)];

    /// <summary>Lets the address of a lease rest that is released now, if it is to.</summary>
    public static void Add(List<RestingAddress> resting, Lease released, DateTimeOffset now)
    {
        if (released.Cooldown <= TimeSpan.Zero)
            return;
        var offset = BlockId.OffsetOf(released.Address);
        var until = DateTimeOffset.FromUnixTimeMilliseconds((now + released.Cooldown).ToUnixTimeMilliseconds());
        resting.RemoveAll(address => address.Offset == offset);
        var at = resting.FindIndex(address => address.Offset > offset);
        resting.Insert(at < 0 ? resting.Count : at, new RestingAddress(offset, until));
    }

    /// <summary>One bit per address.</summary>
    public static ulong Mask(IEnumerable<RestingAddress> resting)
    {
        ulong mask = 0;
        foreach (var address in resting)
            mask |= 1UL << address.Offset;
        return mask;
    }
}
