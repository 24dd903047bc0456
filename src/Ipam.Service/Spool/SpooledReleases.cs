using System.Globalization;
using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Mirror;
using Ipam.Service.Releases;

namespace Ipam.Service.Spool;

/// <summary>
/// Releases that were promised while nobody could carry them out: the plugin writes them when there is no ipamd, ipamd when its store is
/// down. Each is carried out once and then taken away. Safe for use by several threads at once.
/// <para>
/// No wall clock says which leases a release is about. An ADD carries out its owner's waiting release before it takes anything, so a release that still waits
/// is younger than what its owner holds, with one exception that <see cref="RecentAdds"/> knows: a DEL that was asked for before an ADD, and
/// written down after the ADD had looked.
/// </para>
/// </summary>
internal sealed class SpooledReleases(
    SpoolFolder spool, Allocator allocator, StrayLeases strays, RecentAdds adds, MirrorFile mirror, TimeProvider time, ILogger log)
{
    /// <summary>The rest is for the next turn: other things wait as well.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(3);

    private readonly string _clock = MonotonicMoment.ThisClock();
    private string? _refusal;

    /// <summary>Promises a release that was asked for at <paramref name="askedAt"/> (a timestamp); it is durable on return.</summary>
    public void Write(CniEnvironment environment, NetworkConfiguration network, long askedAt) =>
        spool.Write(new SpooledRequest(network.Name, environment, network.Bytes, time.GetUtcNow()) { Asked = new MonotonicMoment(_clock, askedAt) });

    /// <summary>How many releases wait.</summary>
    public int Count => spool.List().Count;

    /// <summary>Removes what crashed writers left.</summary>
    public void CleanUp() => spool.CleanUp();

    /// <summary>
    /// Carries out an owner's waiting release before it is given addresses anew, so that the release can't hit those. A release that was asked for after
    /// the ADD had arrived stays: it is about what the ADD gets, whose caller no longer waits.
    /// </summary>
    public async Task ReleaseBeforeAddAsync(RecentAdds.RunningAdd add, CancellationToken cancellationToken)
    {
        var lookedAt = time.GetTimestamp();
        if (TryRead(add.Owner) is not { } waiting || waiting.Asked.On(_clock) > add.BeganAt)
            return;
        var release = new Release(add.Owner, waiting, AskedAt(waiting, lookedAt), adds.SparesBeforeAdd) { IsBeforeAdd = true };
        if (!await TryCarryOutAsync(release, cancellationToken))
            await LookFurtherAsync([release], cancellationToken);
    }

    /// <summary>
    /// Carries out all waiting releases but those of an owner whose ADD runs: they are carried out when it has ended. Throws
    /// <see cref="StoreException"/> if the store fails; what is left waits for the next time. A release in a damaged block waits too, and keeps no
    /// other one waiting.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var notFound = new List<Release>();
        if (!IsSecure())
            return;
        var began = time.GetTimestamp();
        foreach (var path in spool.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(began) > LongestDrain)
                break;
            // Before the file is read, and before it is asked who runs: an ADD that begins later finds the file itself.
            var lookedAt = time.GetTimestamp();
            if (TryRead(path) is not { } waiting)
                continue;
            var release = new Release(OwnerOf(waiting), waiting, AskedAt(waiting, lookedAt), adds.Spares);
            try
            {
                if (!adds.IsRunning(release.Owner) && !await TryCarryOutAsync(release, cancellationToken))
                    notFound.Add(release);
            }
            catch (StoreException e) when (e.Damaged is not null)
            {
                // The block was logged when it was set aside.
            }
        }
        await LookFurtherAsync(notFound, cancellationToken);
    }

    /// <summary>Whether the folder is ours alone. It is said once when it isn't.</summary>
    private bool IsSecure()
    {
        try
        {
            if (spool.Secure() is { } mended)
                Log.SpoolMended(log, mended);
            _refusal = null;
            return true;
        }
        catch (InvalidDataException e)
        {
            if (_refusal != e.Message)
                Log.SpoolRefused(log, e.Message);
            _refusal = e.Message;
            return false;
        }
    }

    /// <summary>When a release was asked for: on this process's clock, and not after it was seen.</summary>
    private long AskedAt(SpooledRequest waiting, long lookedAt) => Math.Min(waiting.Asked.On(_clock) ?? lookedAt, lookedAt);

    /// <summary>Carries out a release if its owner holds anything, as far as memory, the index of owners and the request's own result tell.</summary>
    private async Task<bool> TryCarryOutAsync(Release release, CancellationToken cancellationToken)
    {
        var leases = await allocator.HeldByAsync(release.Owner, cancellationToken);
        if (release.Network is { } network)
            leases = [.. leases, .. await strays.AtPreviousResultAsync(release.Owner, release.Request.Environment, network, leases, cancellationToken)];
        if (leases.Count == 0)
            return false;
        await EndAsync(release, leases, cancellationToken);
        return true;
    }

    /// <summary>That nothing was found is a reason to look further, never to forget: one look for all.</summary>
    private async Task LookFurtherAsync(List<Release> notFound, CancellationToken cancellationToken)
    {
        if (notFound.Count == 0)
            return;
        try
        {
            var leases = await strays.InAllBlocksAsync([.. notFound.Select(static release => (release.Owner, release.Network))], cancellationToken);
            foreach (var release in notFound)
                await EndAsync(release, [.. leases.Where(lease => lease.Owner == release.Owner)], cancellationToken);
        }
        catch (StoreException e) when (e.Damaged is not null && notFound.Count > 1)
        {
            // One of them waits for a damaged block; the others needn't.
            foreach (var release in notFound)
                await LookFurtherAloneAsync(release, cancellationToken);
        }
    }

    private async Task LookFurtherAloneAsync(Release release, CancellationToken cancellationToken)
    {
        try
        {
            await LookFurtherAsync([release], cancellationToken);
        }
        catch (StoreException e) when (e.Damaged is not null)
        {
            // The block was logged when it was set aside.
        }
    }

    /// <summary>
    /// Releases these leases and no others: those that were there when the file still was. An ADD that came in between has carried the release out, and taken
    /// the file away before it took addresses.
    /// </summary>
    private async Task EndAsync(Release release, IReadOnlyList<Lease> leases, CancellationToken cancellationToken)
    {
        if (!spool.Holds(release.Request))
            return;
        // A file that comes back, because ipamd ended before it was away for good, is about leases that are gone.
        if (mirror.IsCarriedOut(release.Request.Id))
            leases = [];
        var count = 0;
        foreach (var lease in leases)
        {
            if (await allocator.ReleaseAsync(lease, ReleaseCause.Del, held => release.Spares(held, release.AskedAt), cancellationToken))
                count++;
        }
        // An ADD that came meanwhile looks for the file, and carries out what is left before it takes anything.
        if (!release.IsBeforeAdd && adds.IsRunning(release.Owner))
            return;
        mirror.CarriedOut(release.Request.Id);
        spool.Delete(release.Request);
        Log.SpooledReleaseDone(log, release.Owner, release.Request.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), count);
    }

    private static Owner OwnerOf(SpooledRequest request) => new(request.Network, request.Environment.ContainerId, request.Environment.IfName);

    private SpooledRequest? TryRead(Owner owner)
    {
        var attachment = new CniAttachment(owner.ContainerId, owner.InterfaceName);
        try
        {
            // Nearly always there is none, and to look costs a hundredth of an attempt to read.
            return spool.Contains(owner.Network, attachment) ? spool.TryRead(owner.Network, attachment) : null;
        }
        catch (InvalidDataException)
        {
            // DrainAsync sets it aside and says so. It can't be told what it would have released, and an ADD must not fail for it.
            return null;
        }
    }

    private SpooledRequest? TryRead(string path)
    {
        try
        {
            return SpoolFolder.Read(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (InvalidDataException e)
        {
            SetAside(path, e);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The others needn't wait for this one.
            Log.SpooledReleaseUnreadable(log, path, e.Message);
            return null;
        }
    }

    private void SetAside(string path, InvalidDataException reason)
    {
        try
        {
            Log.SpooledReleaseCorrupt(log, SpoolFolder.SetAside(path), reason.Message);
        }
        catch (FileNotFoundException)
        {
            // Another request met it at the same time, and has set it aside.
        }
    }

    /// <summary>A release to carry out.</summary>
    /// <param name="Owner">Whose.</param>
    /// <param name="Request">As it was written down.</param>
    /// <param name="AskedAt">When it was asked for, as a timestamp of this process.</param>
    /// <param name="Spares">Whether a younger ADD has the lease.</param>
    private sealed record Release(Owner Owner, SpooledRequest Request, long AskedAt, Func<Lease, long, bool> Spares)
    {
        /// <summary>Whether an ADD of the owner carries it out before it takes anything.</summary>
        public bool IsBeforeAdd { get; init; }

        /// <summary>The configuration; null if it can't be read.</summary>
        public NetworkConfiguration? Network { get; } = ReadNetwork(Request);

        private static NetworkConfiguration? ReadNetwork(SpooledRequest request)
        {
            try
            {
                return NetworkConfiguration.Parse(request.Stdin);
            }
            catch (CniException)
            {
                return null;
            }
        }
    }
}
