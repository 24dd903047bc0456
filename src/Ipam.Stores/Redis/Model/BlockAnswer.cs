using System.Numerics;
using Ipam.Core.Blocks;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Text;

namespace Ipam.Stores.Redis.Model;

/// <summary>Reads blocks as scripts answer them: base, head, and the leases by address.</summary>
internal static class BlockAnswer
{
    /// <summary>The block.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static Block Read(string space, Answer answer, StringPool strings)
    {
        var parts = answer.Parts();
        var id = ReadId(space, parts.Next());
        var head = ReadHead(parts.Next());
        var leases = new Lease[BitOperations.PopCount(head.Held)];
        var held = head.Held;
        for (var i = 0; i < leases.Length; i++, held &= held - 1)
        {
            var address = id.AddressAt(BitOperations.TrailingZeroCount(held));
            var lease = parts.Next();
            if (lease.IsNothing)
                throw new InvalidDataException($"the address {address} in space '{space}' is held, and there is no lease of it");
            leases[i] = LeaseText.Read(space, address, lease.Utf8(), strings);
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
    public static BlockSummary ReadSummary(string space, Answer answer)
    {
        var parts = answer.Parts();
        var id = ReadId(space, parts.Next());
        return ReadHead(parts.Next()).ToSummary(id);
    }

    private static BlockId ReadId(string space, Answer answer) => BlockId.Of(space, AddressKey.Read(answer.Utf8()));

    private static BlockHead ReadHead(Answer answer) => BlockHead.Read(answer.IsNothing ? [] : answer.Utf8());
}
