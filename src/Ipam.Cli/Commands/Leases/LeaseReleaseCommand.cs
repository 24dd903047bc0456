using System.CommandLine;
using Ipam.Cli.Commands.Catalog;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease release</c>.</summary>
internal sealed class LeaseReleaseCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly AddressesArgument _addresses = new("Addresses whose leases to release; - for those at the beginning of the input's lines.");
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Option<string> _pool = new("--pool") { Description = "Only leases of addresses in the ranges of this pool.", HelpName = "NAME" };
    private readonly LeaseFilterOptions _filter = new();
    private readonly Option<bool> _force = new("--force") { Description = "Release also leases whose pods the cluster has, and static ones that no address names." };
    private readonly Confirmation _confirmation;

    public LeaseReleaseCommand(CliEnvironment environment, StoreOptions store)
        : base("release", "Releases leases, after asking: those of addresses, or all that the options name. A lease that changes meanwhile stays.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "release");
        Add(_addresses);
        Add(_space);
        Add(_pool);
        foreach (var option in _filter.All)
            Add(option);
        Add(_force);
        _confirmation.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetResult(_addresses) is not { Tokens.Count: > 0 } && result.GetResult(_pool) is null && !_filter.All.Any(option => result.GetResult(option) is not null))
                result.AddError("Which leases is not said; give addresses, or --node, --pod, --namespace, --network, --container, --pool or --older-than.");
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease release 10.1.0.17 --dry-run",
        "ipamctl lease release 10.1.0.17 10.1.0.18 --yes",
        "ipamctl lease release --pod shop/web-0",
        "ipamctl lease release --node worker-9 --older-than 7d --dry-run",
        "ipamctl lease list 10.1.0.0/24 -o name | ipamctl lease release - --yes",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var addresses = await _addresses.ReadAsync(arguments, _environment, cancellationToken);
        var space = arguments.GetValue(_space);
        var filter = _filter.Of(arguments, _environment.Time.GetUtcNow()) with { Space = space };
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        if (arguments.GetValue(_pool) is { } name)
        {
            var catalog = await store.Pools.ReadAsync(cancellationToken);
            if (catalog.FindPool(name) is not { } pool)
                return _environment.Fail(CatalogText.NoPool(store, catalog, name), ExitCode.NotFound);
            filter = filter.In(pool);
        }
        var search = new LeaseSearch(store);
        var byAddress = addresses.Count > 0 || arguments.GetResult(_addresses) is { Tokens.Count: > 0 };
        var leases = await FindAsync(search, byAddress, addresses, filter, cancellationToken);
        var isNamed = addresses.Count == 1 && leases.Count <= 1;
        if (leases.Count == 0)
        {
            if (search.Damaged.Count > 0)
                return _environment.Shown(search.Damaged.Select(static block => block.Why));
            var unknown = await new UnknownNames(store).FindAsync(filter, await store.Pools.ReadAsync(cancellationToken), cancellationToken);
            return _environment.Fail(
                unknown ?? (addresses.Count == 1 ? LeaseText.NotHeld(store, addresses[0], space) : $"no lease is as asked for in {store.Description}; 'ipamctl lease list' shows what is held."), ExitCode.NotFound);
        }
        if (leases.GroupBy(static lease => lease.Address).FirstOrDefault(static same => same.Count() > 1) is { } several && addresses.Contains(several.Key))
            return _environment.Fail($"{several.Key} is held in several spaces: {string.Join(", ", several.Select(static lease => $"'{lease.Space}'"))}. Name one by --space.", ExitCode.Refused);
        var free = addresses.Count - leases.Select(static lease => lease.Address).Intersect(addresses).Count();
        if (free > 0)
            _environment.Note($"not held, or not as asked for, and passed over: {free} of the addresses");

        var isForced = arguments.GetValue(_force);
        var signs = isForced ? LifeSigns.None : await SignsAsync(store, cancellationToken);
        var release = new LeaseRelease(_environment, _confirmation, store, signs, keepsStatic: !byAddress && !isForced);
        var exitCode = isNamed ? await release.OneAsync(arguments, leases[0], cancellationToken) : await release.ManyAsync(arguments, leases, cancellationToken);
        foreach (var why in search.Damaged.Select(static block => block.Why).Distinct())
            _environment.Note($"not released, if there are such leases: {why}");
        return exitCode == ExitCode.Ok && search.Damaged.Count > 0 ? ExitCode.Damaged : exitCode;
    }

    private static async Task<IReadOnlyList<Lease>> FindAsync(
        LeaseSearch search, bool byAddress, IReadOnlyList<Address> addresses, LeaseFilter filter, CancellationToken cancellationToken)
    {
        if (byAddress)
            return [.. (await search.OfAddressesAsync(addresses, filter.Space, cancellationToken)).Where(filter.Matches)];
        var leases = new List<Lease>();
        await foreach (var lease in search.ListAsync(filter, cancellationToken))
            leases.Add(lease);
        return leases;
    }

    private async Task<LifeSigns> SignsAsync(IIpamStore store, CancellationToken cancellationToken)
    {
        try
        {
            return await LifeSigns.ReadAsync(store, _environment.Time, cancellationToken);
        }
        catch (StoreException e)
        {
            _environment.Note($"which pods there are can't be asked, so nothing is known to live: {e.Message}");
            return LifeSigns.None;
        }
    }
}
