using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Stores.Blocks;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Text;

namespace Ipam.Stores.Redis.Model;

/// <summary>What the index of owners leads to in a space.</summary>
/// <param name="Leases">The owner's leases.</param>
/// <param name="Suspects">Blocks of leases that aren't there or can't be read: the blocks themselves show whether they are damaged.</param>
internal readonly record struct OwnerAnswer(List<Lease> Leases, List<BlockId> Suspects)
{
    /// <summary>Reads the answer: addresses and leases in turn. An entry that leads to nothing, or to another one's lease, was spoiled, and says nothing.</summary>
    public static OwnerAnswer Read(string space, Owner owner, AnswerParts parts)
    {
        var strings = new StringPool();
        var answer = new OwnerAnswer([], []);
        while (parts.MoveNext())
        {
            var key = parts.Current;
            var text = parts.Next();
            if (!TryRead(key, out var address))
                continue;
            try
            {
                if (!text.IsNothing && LeaseText.Read(space, address, text.Utf8(), strings) is var lease && lease.Owner == owner)
                    answer.Leases.Add(lease);
                if (text.IsNothing)
                    answer.Suspects.Add(BlockId.Of(space, address));
            }
            catch (Exception e) when (StoredData.IsUnreadable(e))
            {
                answer.Suspects.Add(BlockId.Of(space, address));
            }
        }
        return answer;
    }

    private static bool TryRead(Answer key, out Address address)
    {
        address = default;
        try
        {
            address = AddressKey.Read(key.Utf8());
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
