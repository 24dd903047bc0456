using System.CommandLine;
using System.Globalization;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary><c>ipamctl pool create</c>.</summary>
internal sealed class PoolCreateCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _name = new("NAME")
    {
        Description = "The name of the pool. With -f the document may have it instead.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly PoolOptions _pool = new();
    private readonly DocumentOption _document = new("pool");

    public PoolCreateCommand(CliEnvironment environment, StoreOptions store)
        : base("create", "Creates a pool, from options or from a document.")
    {
        _environment = environment;
        _store = store;
        Add(_name);
        foreach (var option in _pool.All)
            Add(option);
        Add(_document);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl pool create blue --range 10.1.0.0/16 --cooldown 60",
        "ipamctl pool create lab --range 10.2.0.0/24,rangeStart=10.2.0.20,exclude=10.2.0.64/28 --route 0.0.0.0/0 --namespace lab",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var pool = await ReadAsync(arguments, cancellationToken);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var exitCode = await CatalogChange.Of(_environment, pool).MakeAsync(
            "created",
            new CatalogEditor(store).CreateAsync(pool, cancellationToken),
            $"change it with 'ipamctl pool edit {pool.Name}', or choose another name.");
        if (exitCode != ExitCode.Ok)
            return exitCode;
        var size = PoolAddresses.Of(pool).Size.ToString(CultureInfo.InvariantCulture);
        return _environment.Done($"created pool {pool.Name} in space {pool.Space}, addresses: {size}");
    }

    private async Task<Pool> ReadAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(_name);
        if (await _document.ReadAsync(arguments, _environment, cancellationToken) is { } document)
        {
            return _pool.Given(arguments) is { } option
                ? throw new UsageException($"{option} is given beside -f; write it into the document, or leave -f out")
                : PoolDocument.Read(document, name);
        }
        return name is null
            ? throw new UsageException("the pool has no name; give one as NAME, or the pool's document by -f FILE")
            : PoolDocument.Read(_pool.ToDocument(arguments), name);
    }
}
