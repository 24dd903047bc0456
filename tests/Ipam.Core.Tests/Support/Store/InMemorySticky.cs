using System.Collections.Concurrent;
using Ipam.Core.Stores;

namespace Ipam.Core.Tests.Support.Store;

/// <summary>Where sticky owners find their addresses, in memory.</summary>
internal sealed class InMemorySticky : IStickyRecords
{
    public ConcurrentDictionary<string, string> Records { get; } = new(StringComparer.Ordinal);

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Records.GetValueOrDefault(name));

    public Task<bool> PutAsync(string name, string? expected, string? text, CancellationToken cancellationToken) => Task.FromResult((expected, text) switch
    {
        (null, null) => !Records.ContainsKey(name),
        (null, _) => Records.TryAdd(name, text),
        (_, null) => Records.TryRemove(new KeyValuePair<string, string>(name, expected)),
        _ => Records.TryUpdate(name, text, expected),
    });

    public Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(Records));
}
