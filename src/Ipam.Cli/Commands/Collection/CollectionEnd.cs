using Ipam.Cli.Terminal;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Reconciliation;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Collection;

/// <summary>What is said at the end of a collection, beside what was released.</summary>
internal static class CollectionEnd
{
    /// <summary>Says what was not released, and why, and tells others what was; returns the exit code.</summary>
    public static async Task<int> TellAsync(CliEnvironment environment, IIpamStore store, CollectionReport report, CancellationToken cancellationToken)
    {
        await PostAsync(environment, store, report.Released, cancellationToken);
        foreach (var refusal in report.Refusals)
            environment.Note($"not released: {refusal.Leases} leases that {refusal.Source} show as leaked: {refusal.Why}");
        foreach (var failure in report.Failures)
            environment.Note(failure);
        foreach (var why in report.Damaged.Select(static block => block.Why).Distinct())
            environment.Note($"not judged: {why}");
        return report.IsCutShort ? environment.Fail("another collection took over in the midst; it does the rest", ExitCode.Locked)
            : report.Failures.Count > 0 ? ExitCode.Failure
            : report.Refusals.Any(static refusal => refusal.Reason is RefusedRelease.Implausible or RefusedRelease.Incomplete) ? ExitCode.Implausible
            : report.Damaged.Count > 0 ? ExitCode.Damaged
            : ExitCode.Ok;
    }

    /// <summary>As ipamd does, where the store has a place for that. It is a courtesy, which may fail: what was released is, and was shown.</summary>
    private static async Task PostAsync(CliEnvironment environment, IIpamStore store, IReadOnlyCollection<LeakRelease> released, CancellationToken cancellationToken)
    {
        if (store.Notices is null || released.Count == 0)
            return;
        try
        {
            await new ReleaseNotices(store, "ipamctl").PostAsync(released, await store.Pools.ReadAsync(cancellationToken), cancellationToken);
        }
        catch (StoreException e)
        {
            environment.Note($"not all that was released is in an Event: {e.Message}");
        }
    }
}
