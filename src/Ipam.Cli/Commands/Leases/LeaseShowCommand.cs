using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease show</c>.</summary>
internal sealed class LeaseShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly AddressArgument _address = new();
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public LeaseShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows who holds an address, in each space that has it.")
    {
        _environment = environment;
        _store = store;
        Add(_address);
        Add(_space);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease show 10.1.0.17",
        "ipamctl lease show fd00::17 --space default -o yaml",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var address = _address.Of(arguments);
        var space = arguments.GetValue(_space);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var search = new LeaseSearch(store);
        var leases = await search.OfAddressAsync(address, space, cancellationToken);
        if (leases.Count == 0 && search.Damaged.Count == 0)
            return _environment.Fail(LeaseText.NotHeld(store, address, space), ExitCode.NotFound);

        var writer = ListWriter.Create(_output.Of(arguments), LeaseView.At(_environment.Time.GetUtcNow()), _environment.Output);
        foreach (var lease in leases)
            writer.Add(lease);
        writer.Complete();
        return _environment.Shown(search.Damaged.Select(static block => block.Why));
    }
}
