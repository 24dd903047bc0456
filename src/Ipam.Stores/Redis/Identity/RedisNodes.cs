using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Connecting;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Redis.Requests;
using Ipam.Stores.Redis.Scripts;

namespace Ipam.Stores.Redis.Identity;

/// <summary>The nodes of the store, a field each: run, instance, renewals, identity, host; and its step after a loss, if there is one to take.</summary>
internal sealed class RedisNodes(RedisConnection connection) : INodeRegistry
{
    /// <summary>Those without a step, which programs that know of no steps can read.</summary>
    private const int Words = 5;

    /// <inheritdoc/>
    public TimeSpan RenewEvery { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task<NodeEntry?> FindAsync(string node, CancellationToken cancellationToken) => connection.AskAsync(
        "find a node", Request.Of("HGET", StoreKeys.Nodes, KeyText.Of(node)), answer => answer.IsNothing ? null : Parse(node, answer.Text()), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) => connection.AskAsync<IReadOnlyList<NodeEntry>>(
        "list the nodes", Request.Of("HGETALL", StoreKeys.Nodes), static answer =>
        {
            var entries = new List<NodeEntry>();
            foreach (var (node, text) in answer.Texts())
            {
                if (Parse(node, text) is { } entry)
                    entries.Add(entry);
            }
            return entries;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutAsync(NodeEntry entry, string? formerRun, CancellationToken cancellationToken) => WriteAsync(
        entry.Node, formerRun is null ? "" : KeyText.Of(formerRun), TextOf(entry), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellationToken) => WriteAsync(entry.Node, KeyText.Of(entry.Run), "", cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ForgetAsync(NodeEntry entry, CancellationToken cancellationToken) => WriteAsync(entry.Node, TextOf(entry), "", cancellationToken);

    private static string TextOf(NodeEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{KeyText.Of(entry.Run)} {KeyText.Of(entry.Instance)} {entry.Renewals} {KeyText.Of(entry.Identity)} {KeyText.Of(entry.Host)}{(entry.Step == RecoveryStep.Done ? "" : $" {(int)entry.Step}")}");

    private Task<bool> WriteAsync(string node, string old, string text, CancellationToken cancellationToken)
    {
        var request = Request.Of(Script.Entry, StoreKeys.Nodes);
        request.Add(KeyText.Of(node));
        request.Add(old);
        request.Add(text);
        return connection.AskAsync("write a node", request, static answer => answer.Number() == 1, cancellationToken);
    }

    /// <summary>The entry; null if it isn't as this program writes them, as if there were none.</summary>
    private static NodeEntry? Parse(string node, string text) =>
        text.Split(' ') is { Length: Words or Words + 1 } words
        && long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var renewals)
        && int.TryParse(words.ElementAtOrDefault(Words) ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? new NodeEntry(node, KeyText.Read(words[1]), KeyText.Read(words[0]), KeyText.Read(words[4]), KeyText.Read(words[3]), renewals) { Step = (RecoveryStep)step }
            : null;
}
