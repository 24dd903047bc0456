using System.CommandLine;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;
using Ipam.Core.Blocks;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Leases;

/// <summary>Shows leases, asks, releases each by its sequence unless its owner is known to live, and says what became of them.</summary>
/// <param name="environment">Where to say it.</param>
/// <param name="confirmation">Asks.</param>
/// <param name="store">The store, open.</param>
/// <param name="signs">Who is known to live.</param>
/// <param name="keepsStatic">Whether static leases stay, as nobody named them.</param>
internal sealed class LeaseRelease(CliEnvironment environment, Confirmation confirmation, IIpamStore store, LifeSigns signs, bool keepsStatic)
{
    private const int MostShown = 20;

    private readonly ReleaseReason _reason = new(ReleaseCause.Admin, environment.User());

    /// <summary>Releases one lease that was named by its address, and returns the exit code.</summary>
    public async Task<int> OneAsync(ParseResult arguments, Lease lease, CancellationToken cancellationToken)
    {
        confirmation.Show(LeaseView.At(environment.Time.GetUtcNow()), lease);
        if (SignOf(lease) is { } sign)
            return environment.Fail($"not released: {sign}. If its container is gone for certain, --force releases it all the same.", ExitCode.Refused);
        var user = lease.Owner.IsOutside ? lease.Owner.ContainerId : "A container";
        var question = $"{(lease.Owner.IsKept ? $"{lease.Owner.ContainerId} gets another address than {lease.Address} from then on." : $"{user} that still uses {lease.Address} will share it with the next owner.")} Release it in space '{lease.Space}'?";
        if (confirmation.EndsWith(arguments, $"would release {Named(lease)}", question) is { } end)
            return end;
        try
        {
            var releaser = new LeaseReleaser(store, environment.Time, Random.Shared);
            return Report(await releaser.ReleaseAsync(lease, _reason, cancellationToken), lease);
        }
        catch (StoreException e)
        {
            return environment.Fail($"{e.Message} Whether {lease.Address} is released is unknown: look with 'ipamctl lease show {lease.Address}'.", ExitCode.Failure);
        }
    }

    /// <summary>Releases leases, and returns the exit code.</summary>
    public async Task<int> ManyAsync(ParseResult arguments, IReadOnlyList<Lease> leases, CancellationToken cancellationToken)
    {
        var alive = leases.Select(lease => (Lease: lease, Sign: SignOf(lease))).Where(static one => one.Sign is not null).ToList();
        var wanted = leases.Except(alive.Select(static one => one.Lease)).ToList();
        foreach (var (lease, sign) in alive.Take(MostShown))
            environment.Note($"{Named(lease)} stays: {sign}");
        if (alive.Count > MostShown)
            environment.Note($"... and {alive.Count - MostShown} more stay");
        if (wanted.Count == 0)
            return environment.Fail("not released: the owners of all these leases live, or they are static; --force releases them all the same.", ExitCode.Refused);
        Show(wanted);
        var intentions = wanted.ConvertAll(static lease => $"would release {Named(lease)}");
        if (confirmation.EndsWith(arguments, intentions, $"Containers that still use these addresses will share them with the next owners. Release {wanted.Count} leases?") is { } end)
            return end;
        var kept = alive.Count == 0 ? "" : $", left alone as their owners live{(alive.Exists(static one => one.Lease.Owner.IsStatic) ? " or they are static" : "")}: {alive.Count}";
        return await ReleaseAsync(wanted, kept, cancellationToken);
    }

    private string? SignOf(Lease lease) =>
        keepsStatic && lease.Owner.IsStatic ? "it is a static lease, which ends if its address is given" : signs.Of(lease);

    private void Show(List<Lease> leases)
    {
        if (environment.IsQuiet)
            return;
        var now = environment.Time.GetUtcNow();
        var table = new TableWriter<Lease>(LeaseView.At(now).Columns, environment.Error, withTitles: true);
        foreach (var lease in leases.Take(MostShown))
            table.Add(lease);
        table.Complete();
        if (leases.Count > MostShown)
            environment.Note($"... and {leases.Count - MostShown} more; --dry-run names them all");
    }

    /// <summary>Blocks are independent of each other: a few at once are released side by side, and the leases of one in turn.</summary>
    private async Task<int> ReleaseAsync(List<Lease> leases, string kept, CancellationToken cancellationToken)
    {
        var tally = new ReleaseTally();
        try
        {
            using var progress = new ProgressLine(environment);
            var releaser = new LeaseReleaser(store, environment.Time, Random.Shared);
            foreach (var some in leases.GroupBy(static lease => BlockId.Of(lease.Space, lease.Address)).Chunk(ReleaseTally.BlocksAtOnce))
            {
                await Task.WhenAll(some.Select(async block =>
                {
                    foreach (var lease in block)
                        tally.Add(await releaser.ReleaseAsync(lease, _reason, cancellationToken));
                }));
                progress.Show("leases released", tally.Released, leases.Count);
            }
        }
        catch (StoreException e)
        {
            return environment.Fail($"{e.Message} Not all is done, {tally}. Run it again: it goes on.", ExitCode.Failure);
        }
        var stay = $"{tally}{kept}";
        if (tally.GaveUp > 0)
            return environment.Fail($"not all is done, as others changed the same blocks at each of {LeaseReleaser.MaxAttempts} tries: {stay}. Run it again: it goes on.", ExitCode.Failure);
        var exitCode = environment.Done(stay);
        return kept.Length > 0 || tally.HeldByAnother > 0 ? ExitCode.NotConfirmed : exitCode;
    }

    private int Report(ReleaseOutcome outcome, Lease lease) => outcome switch
    {
        ReleaseOutcome.Released => environment.Done($"released {Named(lease)}"),
        ReleaseOutcome.AlreadyGone => environment.Fail(
            $"{lease.Address} is no longer held: it was released meanwhile. Nothing is left to do.", ExitCode.NotFound),
        ReleaseOutcome.HeldByAnother => environment.Fail(
            $"not released: {lease.Address} was handed out anew meanwhile. Look again with 'ipamctl lease show {lease.Address}'.",
            ExitCode.Refused),
        _ => environment.Fail(
            $"not released: the addresses beside {lease.Address} changed at each of {LeaseReleaser.MaxAttempts} tries. Try again.",
            ExitCode.Failure),
    };

    private static string Named(Lease lease) => $"{lease.Address} in space {lease.Space}";
}
