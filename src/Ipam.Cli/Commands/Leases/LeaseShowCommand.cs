using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease show</c>.</summary>
internal sealed class LeaseShowCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _whose = new("ADDRESS|POD|CONTAINER")
    {
        Description = "An address; or a pod, as [NAMESPACE/]NAME; or what a container id begins with.",
    };

    private readonly Option<string> _space = SpaceOption.Create();
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public LeaseShowCommand(CliEnvironment environment, StoreOptions store)
        : base("show", "Shows who holds an address, or what a pod or a container holds.")
    {
        _environment = environment;
        _store = store;
        _whose.Validators.Add(static result =>
        {
            var text = result.Tokens[0].Value;
            if (!Address.TryParse(text, out _) && AddressRange.TryParse(text, out _))
                result.AddError($"'{text}' is not one address; 'ipamctl lease list {text}' shows the leases of several.");
        });
        Add(_whose);
        Add(_space);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease show 10.1.0.17",
        "ipamctl lease show shop/web-0",
        "ipamctl lease show fd00::17 --space default -o yaml",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var whose = arguments.GetRequiredValue(_whose);
        var space = arguments.GetValue(_space);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var search = new LeaseSearch(store);
        var isAddress = Address.TryParse(whose, out var address);
        var leases = isAddress ? await search.OfAddressAsync(address, space, cancellationToken) : await search.OfOwnerAsync(whose, space, cancellationToken);
        if (leases.Count == 0 && search.Damaged.Count == 0)
            return _environment.Fail(isAddress ? LeaseText.NotHeld(store, address, space) : LeaseText.HoldsNothing(store, whose, space), ExitCode.NotFound);

        var writer = ListWriter.Create(_output.Of(arguments), LeaseView.At(_environment.Time.GetUtcNow()), _environment);
        foreach (var lease in leases)
            writer.Add(lease);
        writer.Complete();
        return _environment.Shown(search.Damaged.Select(static block => block.Why));
    }
}
