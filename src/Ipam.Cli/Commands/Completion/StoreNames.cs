using System.Buffers;
using System.CommandLine;
using System.CommandLine.Completions;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Completion;

/// <summary>
/// Completes names by what the store has, for options and arguments that take names. A store that fails, or doesn't answer in time, has no names to offer: a shell waits
/// for this.
/// </summary>
internal sealed class StoreNames(CliEnvironment environment, StoreOptions options)
{
    private const int Most = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Letters that mean nothing to a shell. Other names aren't offered.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-/");

    /// <summary>Lets a command and those below it offer names.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in command.Options)
        {
            if (SourceOf(option.Name) is { } source)
                option.CompletionSources.Add(context => Offer(context, source));
        }
        foreach (var argument in command.Arguments)
        {
            if (argument.Name == "NAME" && SourceOf(command) is { } source)
                argument.CompletionSources.Add(context => Offer(context, source));
        }
        foreach (var below in command.Subcommands)
            AddTo(below);
    }

    private static Func<IIpamStore, CancellationToken, Task<IEnumerable<string>>>? SourceOf(string option) => option switch
    {
        "--pool" => PoolsAsync,
        "--node" => NodesAsync,
        "--space" => SpacesAsync,
        _ => null,
    };

    private static Func<IIpamStore, CancellationToken, Task<IEnumerable<string>>>? SourceOf(Command command) => (command.Parents.FirstOrDefault()?.Name, command.Name) switch
    {
        (_, "next") => PoolsAsync,
        ("pool", not "create") => PoolsAsync,
        ("reservation", _) => async (store, token) => (await store.Pools.ReadAsync(token)).Reservations.Select(static reservation => reservation.Name),
        ("node", _) => NodesAsync,
        ("space", _) => SpacesAsync,
        _ => null,
    };

    private static async Task<IEnumerable<string>> PoolsAsync(IIpamStore store, CancellationToken cancellationToken) =>
        (await store.Pools.ReadAsync(cancellationToken)).Pools.Select(static pool => pool.Name);

    private static async Task<IEnumerable<string>> NodesAsync(IIpamStore store, CancellationToken cancellationToken) =>
        (await store.Nodes.ListAsync(cancellationToken)).Select(static node => node.Node).Order(StringComparer.Ordinal);

    private static async Task<IEnumerable<string>> SpacesAsync(IIpamStore store, CancellationToken cancellationToken) =>
        (await store.ListSpacesAsync(cancellationToken)).Union((await store.Pools.ReadAsync(cancellationToken)).Pools.Select(static pool => pool.Space));

    private IEnumerable<CompletionItem> Offer(CompletionContext context, Func<IIpamStore, CancellationToken, Task<IEnumerable<string>>> source)
    {
        // Help asks, too, without a line of text to complete: it must not wait for a store, or fail without one.
        if (context is not TextCompletionContext)
            return [];
        // The library asks without waiting, so this waits.
        try
        {
            using var patience = new CancellationTokenSource(Patience, environment.Time);
            return [.. ReadAsync(context.ParseResult, source, patience.Token).WaitAsync(Patience, environment.Time).GetAwaiter().GetResult()
                .Where(name => name.StartsWith(context.WordToComplete, StringComparison.Ordinal) && !name.AsSpan().ContainsAnyExcept(Plain))
                .Take(Most).Select(static name => new CompletionItem(name))];
        }
        catch (Exception e) when (e is StoreException or UsageException or TimeoutException or OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<IEnumerable<string>> ReadAsync(ParseResult arguments, Func<IIpamStore, CancellationToken, Task<IEnumerable<string>>> source, CancellationToken cancellationToken)
    {
        await using var store = await options.OpenAsync(arguments, cancellationToken);
        return await source(store, cancellationToken);
    }
}
