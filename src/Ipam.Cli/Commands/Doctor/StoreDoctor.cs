using System.Globalization;
using Ipam.Core.Administration;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Doctor;

/// <summary>Looks whether a store is set up as it should be. A store that fails on the way is a finding as well.</summary>
/// <param name="store">The store, open.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class StoreDoctor(IIpamStore store, TimeProvider time)
{
    private const long MicrosecondsOfASecond = 1_000_000;

    /// <summary>Clocks that are kept right differ by less.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(5);

    /// <summary>All that was found.</summary>
    public async Task<IReadOnlyList<DoctorLine>> LookAsync(CancellationToken cancellationToken)
    {
        var lines = new List<DoctorLine> { DoctorLine.Ok("store", $"{store.Description} is open, and has the schema of this version") };
        lines.AddRange(store.Warnings.Select(static warning => DoctorLine.Warning("settings", warning)));
        if (store.Warnings.Count == 0)
            lines.Add(DoctorLine.Ok("settings", "nothing in the store's settings endangers leases"));
        await AddAsync(lines, "content", ContentAsync, cancellationToken);
        await AddAsync(lines, "nodes", NodesAsync, cancellationToken);
        await AddAsync(lines, "clock", ClockAsync, cancellationToken);
        await AddAsync(lines, "permissions", PermissionsAsync, cancellationToken);
        return lines;
    }

    private static async Task AddAsync(
        List<DoctorLine> lines, string check, Func<CancellationToken, Task<IEnumerable<DoctorLine>>> look, CancellationToken cancellationToken)
    {
        try
        {
            lines.AddRange(await look(cancellationToken));
        }
        catch (StoreException e)
        {
            lines.Add(DoctorLine.Error(check, e.Message));
        }
    }

    private async Task<IEnumerable<DoctorLine>> ContentAsync(CancellationToken cancellationToken)
    {
        var overview = await StoreOverview.ReadAsync(store, cancellationToken);
        return overview.Problems.Count > 0
            ? overview.Problems.Select(static problem => DoctorLine.Error("content", problem))
            : [DoctorLine.Ok("content", Numbers($"held: {overview.Held}, blocks: {overview.Blocks}, pools: {overview.Pools}; no problem ('ipamctl check' looks closer)"))];
    }

    private async Task<IEnumerable<DoctorLine>> NodesAsync(CancellationToken cancellationToken)
    {
        var standing = await StoreStanding.ReadAsync(store, cancellationToken);
        if (standing.Nodes.Count == 0)
            return [DoctorLine.Warning("nodes", "no ipamd is registered; start one, or look with 'ipamctl node list' whether another store is meant")];
        return [DoctorLine.Ok("nodes", Numbers($"registered: {standing.Nodes.Count}, stopped: {standing.Stopped.Count} ('ipamctl node list --wait' says which report)"))];
    }

    /// <summary>A lease's sequence is the time at which it was handed out, by its node's clock.</summary>
    private async Task<IEnumerable<DoctorLine>> ClockAsync(CancellationToken cancellationToken)
    {
        long last = 0;
        await foreach (var page in store.ListBlocksAsync(BlockFilter.All, cancellationToken))
            last = Math.Max(last, page.Select(static block => block.LastSequence).DefaultIfEmpty().Max());
        var ahead = TimeSpan.FromSeconds((double)(last - time.GetUtcNow().ToUnixTimeMilliseconds() * 1000) / MicrosecondsOfASecond);
        return ahead > Ahead
            ? [DoctorLine.Warning("clock", Numbers($"the newest lease is {ahead.TotalSeconds:0} s ahead of this machine's clock; keep the clocks of nodes right (NTP), and look at this one"))]
            : [DoctorLine.Ok("clock", "no lease is ahead of this machine's clock")];
    }

    private async Task<IEnumerable<DoctorLine>> PermissionsAsync(CancellationToken cancellationToken)
    {
        if (store.Permissions is not { } permissions)
            return [];
        var missing = (await permissions.ListAsync(cancellationToken)).Where(static permission => !permission.IsAllowed).ToList();
        return missing.Count == 0
            ? [DoctorLine.Ok("permissions", "this account may do all that ipamctl does")]
            : missing.Select(static permission => DoctorLine.Warning("permissions", $"this account may not {permission.Verb} {permission.Resource}{Where(permission)}, which {Needs(permission)} needs; bind the roles of deploy/kubernetes/rbac/ipamctl.yaml"));
    }

    private static string Where(Permission permission) => permission.Space.Length > 0 ? $" in namespace {permission.Space}" : "";

    private static string Needs(Permission permission) => (permission.Verb, permission.Resource.Split('.')[0]) switch
    {
        ("create", "ipblocks") => "'lease add', 'import' and 'restore'",
        ("update", "ipblocks") => "'lease release'",
        ("delete", "ipblocks") => "'node forget' and 'block release'",
        ("create" or "update" or "delete", "ippools") => "changing pools",
        ("create" or "delete", "ipreservations") => "changing reservations",
        (_, "leases") => "'status', 'store', 'leader' and 'node'",
        (_, "pods") => "'explain', and 'lease release' to leave pods that live alone,",
        (_, "nodes") => "'explain', 'check' and 'gc'",
        (_, "namespaces") => "'explain'",
        _ => "everything",
    };

    private static string Numbers(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
