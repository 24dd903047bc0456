using Ipam.Cli.Terminal;
using Ipam.Core.GarbageCollection;
using Ipam.Core.Reconciliation;

namespace Ipam.Cli.Commands.Collection;

/// <summary>What is said at the end of a collection, beside what was released.</summary>
internal static class CollectionEnd
{
    /// <summary>Says what was not released, and why; returns the exit code.</summary>
    public static int Tell(CliEnvironment environment, CollectionReport report)
    {
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
}
