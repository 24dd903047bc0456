using System.Collections.Concurrent;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>Texts by name, in memory.</summary>
internal sealed class InMemoryTexts : INamedTexts
{
    public ConcurrentDictionary<string, string> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>What a write waits for, or fails with, when it was carried out; null for nothing.</summary>
    public Func<Task>? AfterWrite { get; set; }

    /// <summary>Whether the caller of the next write gives up while it is on its way: it arrives with <see cref="Arrive"/>.</summary>
    public bool IsNextLate { get; set; }

    /// <summary>What was on its way arrives.</summary>
    public Action Arrive { get; private set; } = static () => { };

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Records.GetValueOrDefault(name));

    public async Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (IsNextLate)
        {
            IsNextLate = false;
            Arrive = () => Write(name, expected, text);
            throw new StoreException("nobody answered");
        }
        var isWritten = Write(name, expected, text);
        if (AfterWrite is { } after)
            await after();
        return isWritten;
    }

    private bool Write(string name, string? expected, string? text) => (expected, text) switch
    {
        (null, null) => !Records.ContainsKey(name),
        (null, _) => Records.TryAdd(name, text),
        (_, null) => Records.TryRemove(new KeyValuePair<string, string>(name, expected)),
        _ => Records.TryUpdate(name, text, expected),
    };

    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(Records));
}
