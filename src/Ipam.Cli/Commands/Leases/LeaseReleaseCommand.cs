using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Addresses;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary><c>ipamctl lease release</c>.</summary>
internal sealed class LeaseReleaseCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly AddressArgument _address = new();
    private readonly Option<string> _space = SpaceOption.Create();
    private readonly Confirmation _confirmation;

    public LeaseReleaseCommand(CliEnvironment environment, StoreOptions store)
        : base("release", "Releases the lease of an address, after asking. If the lease changes meanwhile, it stays.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "release");
        Add(_address);
        Add(_space);
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl lease release 10.1.0.17 --dry-run",
        "ipamctl lease release 10.1.0.17 --yes",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var address = _address.Of(arguments);
        var space = arguments.GetValue(_space);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var leases = await new LeaseSearch(store).OfAddressAsync(address, space, cancellationToken);
        if (leases.Count == 0)
            return _environment.Fail(LeaseText.NotHeld(store, address, space), ExitCode.NotFound);
        if (leases.Count > 1)
        {
            var spaces = string.Join(", ", leases.Select(static lease => $"'{lease.Space}'"));
            return _environment.Fail($"{address} is held in several spaces: {spaces}. Name one by --space.", ExitCode.Refused);
        }
        var lease = leases[0];
        _confirmation.Show(LeaseView.At(_environment.Time.GetUtcNow()), lease);
        if (_confirmation.EndsWith(arguments, $"would release {Named(lease)}", Question(lease)) is { } end)
            return end;
        try
        {
            var releaser = new LeaseReleaser(store, _environment.Time, Random.Shared);
            return Report(await releaser.ReleaseAsync(lease, new ReleaseReason(ReleaseCause.Admin, _environment.User()), cancellationToken), lease);
        }
        catch (StoreException e)
        {
            return _environment.Fail(
                $"{e.Message} Whether {address} is released is unknown: look with 'ipamctl lease show {address}'.", ExitCode.Failure);
        }
    }

    private static string Question(Lease lease) =>
        $"A container that still uses {lease.Address} will share it with the next owner. Release it in space '{lease.Space}'?";

    private int Report(ReleaseOutcome outcome, Lease lease) => outcome switch
    {
        ReleaseOutcome.Released => _environment.Done($"released {Named(lease)}"),
        ReleaseOutcome.AlreadyGone => _environment.Fail(
            $"{lease.Address} is no longer held: it was released meanwhile. Nothing is left to do.", ExitCode.NotFound),
        ReleaseOutcome.HeldByAnother => _environment.Fail(
            $"not released: {lease.Address} was handed out anew meanwhile. Look again with 'ipamctl lease show {lease.Address}'.",
            ExitCode.Refused),
        _ => _environment.Fail(
            $"not released: the addresses beside {lease.Address} changed at each of {LeaseReleaser.MaxAttempts} tries. Try again.",
            ExitCode.Failure),
    };

    private static string Named(Lease lease) => $"{lease.Address} in space {lease.Space}";
}
