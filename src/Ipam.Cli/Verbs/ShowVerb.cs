using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Core.Stores;

namespace Ipam.Cli.Verbs;

/// <summary>A command that shows something of the store, in one of the formats that it has, and changes nothing.</summary>
internal abstract class ShowVerb : Verb
{
    private readonly StoreOptions _store;
    private readonly OutputOption _output;

    protected ShowVerb(CliEnvironment environment, StoreOptions store, OutputOption output, string name, string description) : base(name, description)
    {
        (Environment, _store, _output) = (environment, store, output);
        Add(_output);
    }

    protected CliEnvironment Environment { get; }

    /// <summary>Shows it, and returns the exit code.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="store">The store, open.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    protected abstract Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        return await ShowAsync(arguments, store, _output.Of(arguments), cancellationToken);
    }
}
