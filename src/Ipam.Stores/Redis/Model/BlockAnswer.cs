using System.Numerics;
using Ipam.Core.Blocks;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Text;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Model;

/// <summary>Reads blocks as scripts answer them: base, head, and the leases by address.</summary>
internal static class BlockAnswer
{
    private const int BeforeLeases = 2;

    /// <summary>The block.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static Block Read(string space, RedisResult answer, StringPool strings)
    {
        var parts = Answer.Parts(answer);
        var id = IdOf(space, parts);
        var head = BlockHead.Read((string?)parts[1]);
        var leases = new List<Lease>(parts.Length - BeforeLeases);
        for (var held = head.Held; held != 0; held &= held - 1)
        {
            var address = id.AddressAt(BitOperations.TrailingZeroCount(held));
            leases.Add(LeaseText.Read(space, address, (byte[]?)parts[BeforeLeases + leases.Count], strings));
        }
        return new Block(id, leases)
        {
            Node = head.Node,
            Version = head.Version,
            LastSequence = head.LastSequence,
            LastOffset = head.LastOffset,
            Cooling = head.Cooling,
        };
    }

    /// <summary>The block without its leases.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static BlockSummary ReadSummary(string space, RedisResult answer)
    {
        var parts = Answer.Parts(answer);
        return BlockHead.Read((string?)parts[1]).ToSummary(IdOf(space, parts));
    }

    private static BlockId IdOf(string space, RedisResult[] parts) => BlockId.Of(space, AddressKey.Read(Answer.Text(parts[0])));
}
