using Cni.Protocol;
using Ipam.Core.Allocation;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Service.Spool;

/// <summary>
/// Releases that were promised while nobody could carry them out: the plugin writes them when there is no ipamd, ipamd when its store is
/// down. Each is carried out once and then taken away. Safe for use by several threads at once.
/// </summary>
internal sealed class SpooledReleases(SpoolFolder spool, Allocator allocator, TimeProvider time, ILogger log)
{
    /// <summary>Promises a release; it is durable on return.</summary>
    public void Write(CniEnvironment environment, NetworkConfiguration network) =>
        spool.Write(new SpooledRequest(network.Name, environment, network.Bytes, time.GetUtcNow()));

    /// <summary>How many releases wait.</summary>
    public int Count => spool.List().Count;

    /// <summary>Removes what crashed writers left.</summary>
    public void CleanUp() => spool.CleanUp(time.GetUtcNow());

    /// <summary>Carries out an owner's waiting release before it is given addresses anew, so that the release can't hit those.</summary>
    public async Task ReleaseBeforeAddAsync(Owner owner, CancellationToken cancellationToken)
    {
        if (TryRead(owner) is { } waiting)
            await CarryOutAsync(waiting, cancellationToken);
    }

    /// <summary>
    /// Carries out all waiting releases. Throws <see cref="StoreException"/> if the store fails; what is left waits for the next time.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        foreach (var path in spool.List())
        {
            if (TryRead(path) is { } waiting)
                await CarryOutAsync(waiting, cancellationToken);
        }
    }

    private async Task CarryOutAsync(SpooledRequest waiting, CancellationToken cancellationToken)
    {
        var owner = new Owner(waiting.Network, waiting.Environment.ContainerId, waiting.Environment.IfName);
        var released = await allocator.ReleaseAsync(owner, ReleaseCause.Del, notAfter: waiting.Time, cancellationToken);
        spool.Delete(waiting);
        Log.SpooledReleaseDone(log, owner, waiting.Time, released.Count);
    }

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
            Log.SpooledReleaseCorrupt(log, SpoolFolder.SetAside(path), reason);
        }
        catch (FileNotFoundException)
        {
            // Another request met it at the same time, and has set it aside.
        }
    }
}
