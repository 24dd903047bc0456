using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using Ipam.Core.Text;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease add</c>.</summary>
internal sealed class LeaseAddCommand : Verb
{
    private const string UsualNetwork = "outside";

    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Argument<string> _address = new("ADDRESS") { Description = "The address. [otherwise: one of the pool]", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _pool = new("--pool") { Description = "Take the lowest free address of this pool.", HelpName = "NAME" };
    private readonly Option<string> _family = new("--family") { Description = "Which of a pool that has both.", HelpName = "4|6" };
    private readonly Option<string> _name = new("--name") { Description = "What uses the address, such as a printer or a router. Several addresses may have the same name.", HelpName = "NAME", Required = true };
    private readonly Option<string> _network = new("--network")
    {
        Description = $"What its network is called. [otherwise: {UsualNetwork}]",
        HelpName = "NAME",
    };

    private readonly Option<string> _space = SpaceOption.ForNew();
    private readonly Option<bool> _outsidePools = new("--outside-pools") { Description = "Take the address although it lies in no pool's subnet." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what it would add." };
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Name);

    public LeaseAddCommand(CliEnvironment environment, StoreOptions store)
        : base("add", "Adds a static lease: an address that something outside has, which no container gets until 'ipamctl lease release' ends it.")
    {
        _environment = environment;
        _store = store;
        _family.CompletionSources.Add("4", "6");
        _family.Validators.Add(static result =>
        {
            if (result.Tokens[0].Value is not ("4" or "6"))
                result.AddError($"--family '{result.Tokens[0].Value}' must be 4 or 6.");
        });
        _address.Validators.Add(static result =>
        {
            if (result.Tokens is not [var token, ..])
                return;
            if (!Address.TryParse(token.Value, out var address))
                result.AddError($"'{token.Value}' is no address.");
            else if (!address.IsOneHost)
                result.AddError($"{address} is not the address of a host: it is unspecified, loopback, multicast or broadcast.");
        });
        foreach (var (option, kind) in ((Option<string>, string)[])[(_name, "static lease"), (_network, "network")])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && NameRules.CheckName(kind, token.Value) is { } problem)
                    result.AddError(problem);
            });
        }
        Validators.Add(result =>
        {
            var isOfPool = result.GetResult(_pool) is not null;
            if (isOfPool == result.GetResult(_address) is { Tokens.Count: > 0 })
                result.AddError("Which address is not said, or twice; give it, or --pool.");
            foreach (var option in isOfPool ? (Option[])[_space, _outsidePools] : [_family])
            {
                if (result.GetResult(option) is not null)
                    result.AddError($"{option.Name} doesn't go with {(isOfPool ? "--pool" : "an address")}.");
            }
        });
        Add(_address);
        foreach (var option in (Option[])[_pool, _family, _name, _network, _space, _outsidePools, _dryRun, _output])
            Add(option);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease add 10.1.0.53 --name printer-2",
        "ipamctl lease add --pool blue --name build-vm --network lab -o name",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        if (string.Join(", ", (await StoreStanding.ReadAsync(store, cancellationToken)).Missing) is { Length: > 0 } missing)
            return _environment.Fail($"not added: the store lost data, and the leases of {missing} are not there again: who has the address isn't known. 'ipamctl store show' says more.", ExitCode.Refused);
        var catalog = await store.Pools.ReadAsync(cancellationToken);
        return arguments.GetValue(_pool) is not { } name ? await AddAsync(arguments, store, catalog, Address.Parse(arguments.GetValue(_address)!), cancellationToken)
            : catalog.FindPool(name) is { } pool ? await AddAsync(arguments, store, catalog, pool, cancellationToken)
            : _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
    }

    private async Task<int> AddAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Address address, CancellationToken cancellationToken)
    {
        var space = arguments.GetValue(_space) ?? SpaceOption.Default;
        if (NameRules.CheckSpace(space) is { } problem)
            throw new UsageException(problem);
        var pool = catalog.Pools.FirstOrDefault(pool => PoolAddresses.OfSubnets(pool).Contains(space, address));
        if (pool is null && !arguments.GetValue(_outsidePools))
            return _environment.Fail($"not added: {address} lies in no pool's subnet of space '{space}'. --outside-pools adds it all the same.", ExitCode.Refused);
        var result = await TakeAsync(arguments, store, space, address, pool, cancellationToken);
        return result.Outcome switch
        {
            StaticLeaseOutcome.Taken => Added(arguments, result.Lease!),
            StaticLeaseOutcome.Held => _environment.Fail(
                $"not added: {address} is held in space '{space}' by {result.Lease!.Owner.Network}/{result.Lease.Owner.ContainerId}{(result.Lease.Pod is { } pod ? $" for the pod {pod}" : "")}; 'ipamctl lease show {address}' shows it.", ExitCode.Refused),
            StaticLeaseOutcome.Cooling => _environment.Fail(
                $"not added: {address} cools down until {TimeText.Of(result.Until)}: who had it may still use it. Try again then.", ExitCode.Refused),
            _ => GaveUp(),
        };
    }

    /// <summary>Another one may take the address between the look and the commit: then the next one is taken.</summary>
    private async Task<int> AddAsync(ParseResult arguments, IIpamStore store, PoolCatalog catalog, Pool pool, CancellationToken cancellationToken)
    {
        if (pool.IsDisabled || pool.IsBeingDeleted)
            return _environment.Fail($"not added: pool {pool.Name} hands out nothing, as it is {(pool.IsBeingDeleted ? "being deleted" : "disabled")}.", ExitCode.Refused);
        var families = pool.Ranges.Select(static range => range.Subnet.Address.Family).Distinct().ToList();
        var wanted = arguments.GetValue(_family) is { } text ? text == "4" ? IpFamily.V4 : IpFamily.V6 : families.Count == 1 ? families[0]
            : throw new UsageException($"pool {pool.Name} has addresses of both families; say which by --family 4 or --family 6");
        for (var attempt = 0; attempt < LeaseReleaser.MaxAttempts; attempt++)
        {
            if (await Leaser(store).FindAsync(pool, wanted, catalog, cancellationToken) is not { } address)
                return _environment.Fail($"not added: pool {pool.Name} has no free address of IPv{(wanted == IpFamily.V4 ? 4 : 6)}; 'ipamctl pool map {pool.Name}' shows why.", ExitCode.Refused);
            var result = await TakeAsync(arguments, store, pool.Space, address, pool, cancellationToken);
            if (result.Outcome == StaticLeaseOutcome.Taken)
                return Added(arguments, result.Lease!);
        }
        return GaveUp();
    }

    private Task<StaticLeaseResult> TakeAsync(ParseResult arguments, IIpamStore store, string space, Address address, Pool? pool, CancellationToken cancellationToken)
    {
        var owner = Owner.Static(arguments.GetValue(_network) ?? UsualNetwork, arguments.GetRequiredValue(_name), space, address);
        return Leaser(store).TakeAsync(space, address, owner, pool?.Policy.Cooldown ?? TimeSpan.Zero, mayWrite: !arguments.GetValue(_dryRun), cancellationToken);
    }

    private int Added(ParseResult arguments, Lease lease)
    {
        if (arguments.GetValue(_dryRun))
            return _environment.Answer($"would add {lease.Address} in space {lease.Space} for {lease.Owner.ContainerId}");
        var writer = ListWriter.Create(_output.Of(arguments), LeaseView.At(_environment.Time.GetUtcNow()), _environment);
        writer.Add(lease);
        writer.Complete();
        return ExitCode.Ok;
    }

    private int GaveUp() => _environment.Fail($"not added: others changed the same addresses at each of {LeaseReleaser.MaxAttempts} tries. Try again.", ExitCode.Failure);

    private StaticLeaser Leaser(IIpamStore store) => new(store, _environment.User(), _environment.Time, Random.Shared);
}
