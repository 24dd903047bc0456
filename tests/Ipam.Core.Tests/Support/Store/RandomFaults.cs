namespace Ipam.Core.Tests.Support.Store;

/// <summary>A store's bad days: about every seventh call fails, sometimes many in a row, and others write in between.</summary>
internal sealed class RandomFaults(int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private int _downFor;

    public StoreFault Next(StoreAction action)
    {
        lock (_lock)
        {
            if (_downFor > 0)
            {
                _downFor--;
                return StoreFault.FailBefore;
            }
            var fault = _random.Next(100) switch
            {
                0 => StartOutage(),
                < 4 => StoreFault.FailBefore,
                < 8 => StoreFault.FailAfter,
                < 12 => StoreFault.FailLate,
                < 15 => StoreFault.FailMixed,
                < 45 => StoreFault.Meddle,
                < 70 => StoreFault.Slow,
                _ => StoreFault.None,
            };
            return action == StoreAction.Read && fault is StoreFault.FailAfter or StoreFault.FailLate or StoreFault.FailMixed ? StoreFault.None : fault;
        }
    }

    private StoreFault StartOutage()
    {
        _downFor = _random.Next(12);
        return StoreFault.FailBefore;
    }
}
