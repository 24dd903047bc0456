using System.Numerics;
using System.Text;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
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
        if (parts.MoveNext())
            throw new InvalidDataException("there are leases of addresses that it doesn't call held");
        var block = new Block(id, leases)
        {
            Node = head.Node,
            Version = head.Version,
            LastSequence = head.LastSequence,
            LastOffset = head.LastOffset,
            Cooling = head.Cooling,
        };
        return StoredData.EnsureWhole(block, head.Held);
    }

    /// <summary>The block without its leases.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static BlockSummary ReadSummary(string space, Answer answer)
    {
        var parts = answer.Parts();
        var id = ReadId(space, parts.Next());
        return ReadHead(parts.Next()).ToSummary(id);
    }

    /// <summary>All blocks of a list, or their summaries; of those that can't be read, why.</summary>
    /// <param name="store">The store, for messages.</param>
    /// <param name="space">The space.</param>
    /// <param name="parts">The list.</param>
    /// <param name="read">Reads one.</param>
    public static Found<T> ReadAll<T>(string store, string space, AnswerParts parts, AnswerReader<T> read)
    {
        var all = new List<T>(parts.Count);
        var damaged = new List<DamagedBlock>();
        while (parts.MoveNext())
        {
            try
            {
                all.Add(read(parts.Current));
            }
            catch (Exception e) when (StoredData.IsUnreadable(e))
            {
                damaged.Add(Damaged(store, space, parts.Current.Parts().Next(), e));
            }
        }
        return new Found<T>(all, damaged);
    }

    private static DamagedBlock Damaged(string store, string space, Answer key, Exception e)
    {
        var field = Encoding.UTF8.GetString(key.Utf8());
        BlockId? id = null;
        try
        {
            id = ReadId(space, key);
        }
        catch (InvalidDataException)
        {
            // It has none.
        }
        var (which, keys) = (id?.ToString() ?? $"'{field}'", new SpaceKeys(space));
        return new DamagedBlock(
            id,
            $"the block {which} in Redis store {store} is damaged: {StoredData.Why(e)}; "
            + $"look at the field {field} of the hash {keys.Heads} and its addresses in {keys.Leases} with redis-cli, and correct or delete them");
    }

    private static BlockId ReadId(string space, Answer answer)
    {
        var first = AddressKey.Read(answer.Utf8());
        return BlockId.OffsetOf(first) == 0 ? BlockId.Of(space, first) : throw new InvalidDataException($"{first} is not the first address of a block");
    }

    private static BlockHead ReadHead(Answer answer) =>
        answer.IsNothing ? throw new InvalidDataException("there are leases, and no head of their block") : BlockHead.Read(answer.Utf8());
}
