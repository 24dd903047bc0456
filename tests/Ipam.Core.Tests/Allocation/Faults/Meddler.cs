using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;
using Ipam.Core.Tests.Support.Store;

namespace Ipam.Core.Tests.Allocation.Faults;

/// <summary>
/// Another process on the same ranges: takes and gives back addresses of its own, deletes empty blocks and creates them anew. It never
/// touches others' leases.
/// </summary>
internal sealed class Meddler(InMemoryStore store, int seed)
{
    private readonly OtherWriter _writer = new(store.Content);
    private readonly Random _random = new(seed);
    private readonly List<Lease> _mine = [];
    private int _owners;

    public IReadOnlyCollection<Lease> Mine => _mine;

    public void Meddle() => store.Content.Atomically(() =>
    {
        var address = $"10.0.0.{_random.Next(FaultGame.LastOctet + 1)}";
        var block = store.Content.Find(BlockId.Of(Some.Space, Address.Parse(address)));
        switch (_random.Next(4))
        {
            case 0 when block?.LeaseOf(Address.Parse(address)) is null && _mine.Count < FaultGame.LastOctet / 4:
                _mine.Add(_writer.Take(address, $"other{++_owners}"));
                break;
            case 1 when _mine.Count > 0:
                var lease = _mine[_random.Next(_mine.Count)];
                _mine.Remove(lease);
                _writer.Give(lease.Address.ToString());
                break;
            case 2 when block is { Held: 0 }:
                _writer.Delete(address);
                if (_random.Next(2) == 0)
                    _writer.Touch(address);
                break;
            case 3 when block is not null:
                _writer.Touch(address);
                break;
        }
    });
}
