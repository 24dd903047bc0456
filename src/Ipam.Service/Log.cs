using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Reconciliation;

namespace Ipam.Service;

/// <summary>All events of the service. Ids and names are a contract with those who alert on them.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "ipamd {Version} serves {Socket} as node {Node} over {Store}")]
    public static partial void Serving(ILogger logger, string version, string socket, string node, string store);

    [LoggerMessage(2, LogLevel.Information, "store opened: {Store}, ready after {Milliseconds} ms")]
    public static partial void StoreOpened(ILogger logger, string store, long milliseconds);

    [LoggerMessage(3, LogLevel.Error, "store can't be opened, trying again in {Delay}: {Reason}")]
    public static partial void StoreNotOpened(ILogger logger, TimeSpan delay, string reason);

    [LoggerMessage(4, LogLevel.Information, "stopping: finishing what is in flight")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "{Store}: {Warning}")]
    public static partial void StoreWarning(ILogger logger, string store, string warning);

    [LoggerMessage(6, LogLevel.Error, "a block is set aside, nothing is handed out from it or released in it until it is mended: {Reason}")]
    public static partial void BlockSetAside(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Information, "a block that was set aside is whole again, or gone: {Block}")]
    public static partial void BlockReturned(ILogger logger, string block);

    [LoggerMessage(8, LogLevel.Information, "ipamd {Version} is the controller {Name} over {Store}")]
    public static partial void Controls(ILogger logger, string version, string name, string store);

    [LoggerMessage(10, LogLevel.Debug, "{Verb} {Network} {ContainerId} {InterfaceName}: done in {Milliseconds:0.0} ms")]
    public static partial void Served(ILogger logger, string verb, string network, string containerId, string interfaceName, double milliseconds);

    [LoggerMessage(15, LogLevel.Debug, "{Address} in space {Space} is no longer held by {Owner}: {Reason}")]
    public static partial void LeaseEnded(ILogger logger, Address address, string space, Owner owner, ReleaseReason reason);

    [LoggerMessage(11, LogLevel.Warning, "{Verb} {Network} {ContainerId} {InterfaceName}: code {Code}: {Reason}")]
    public static partial void Refused(
        ILogger logger, string verb, string network, string containerId, string interfaceName, int code, string reason);

    [LoggerMessage(12, LogLevel.Error, "{Verb}: internal error")]
    public static partial void Failed(ILogger logger, string verb, Exception fault);

    [LoggerMessage(14, LogLevel.Information, "network {Network} is written for Whereabouts, and these of its keys change nothing here: {Keys}")]
    public static partial void KeysIgnored(ILogger logger, string network, string keys);

    [LoggerMessage(13, LogLevel.Warning, "refused a connection of uid {Uid}: only root may ask")]
    public static partial void PeerRefused(ILogger logger, uint uid);

    [LoggerMessage(20, LogLevel.Warning, "DEL {Owner}: the store can't take it now, the release is written down for later: {Reason}")]
    public static partial void ReleaseSpooled(ILogger logger, Owner owner, string reason);

    [LoggerMessage(21, LogLevel.Information, "release of {Owner}, written down at {Time}, is carried out; addresses released: {Count}")]
    public static partial void SpooledReleaseDone(ILogger logger, Owner owner, string time, int count);

    [LoggerMessage(22, LogLevel.Error, "a release that was written down can't be read and is set aside as {Path}: {Reason}")]
    public static partial void SpooledReleaseCorrupt(ILogger logger, string path, string reason);

    [LoggerMessage(24, LogLevel.Error, "a release that was written down can't be read, will be tried again: {Path}: {Reason}")]
    public static partial void SpooledReleaseUnreadable(ILogger logger, string path, string reason);

    [LoggerMessage(25, LogLevel.Warning, "the spool folder is mended: {What}")]
    public static partial void SpoolMended(ILogger logger, string what);

    [LoggerMessage(26, LogLevel.Error, "the spool folder is refused, releases in it wait: {Reason}")]
    public static partial void SpoolRefused(ILogger logger, string reason);

    [LoggerMessage(27, LogLevel.Warning, "the folder of the socket is mended: {What}")]
    public static partial void SocketFolderMended(ILogger logger, string what);

    [LoggerMessage(28, LogLevel.Error, "what is in flight doesn't end: it is left, after {Seconds} s")]
    public static partial void LeftUnfinished(ILogger logger, double seconds);

    [LoggerMessage(23, LogLevel.Warning, "maintenance failed, will be tried again: {Reason}")]
    public static partial void MaintenanceFailed(ILogger logger, string reason);

    [LoggerMessage(30, LogLevel.Critical, "no address is handed out or released: {Reason}")]
    public static partial void Held(ILogger logger, string reason);

    [LoggerMessage(31, LogLevel.Warning, "{Asserted} leases of this node are in the store again, {Released} that had been released are released again, {Conflicts} are in conflict")]
    public static partial void LeasesAsserted(ILogger logger, int asserted, int released, int conflicts);

    [LoggerMessage(32, LogLevel.Critical, "{Address} in space {Space} is held twice: here by {Lost}, and according to the store by {Found} on node {Node}")]
    public static partial void LeaseConflict(ILogger logger, Address address, string space, Owner lost, string found, string node);

    [LoggerMessage(33, LogLevel.Warning, "addresses are handed out again")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(34, LogLevel.Warning, "the mirror of this node's leases can't be read, what it said is not known: {Path}: {Reason}")]
    public static partial void MirrorUnreadable(ILogger logger, string path, string reason);

    [LoggerMessage(35, LogLevel.Warning, "the mirror of this node's leases can't be written, will be tried again: {Path}: {Reason}")]
    public static partial void MirrorUnwritable(ILogger logger, string path, string reason);

    [LoggerMessage(36, LogLevel.Information, "this node was known as {FormerNames} before")]
    public static partial void NodeRenamed(ILogger logger, string formerNames);

    [LoggerMessage(37, LogLevel.Warning, "the Kubernetes API shows no node '{Node}', and this node has only the labels that --node-labels gives it; is --node the name that 'kubectl get nodes' shows, and may ipamd read nodes?")]
    public static partial void NodeNotFound(ILogger logger, string node);

    /// <summary>A lease without an owner is released.</summary>
    public static void LeakReleased(ILogger logger, LeakRelease release)
    {
        var lease = release.Lease;
        LeakReleased(
            logger, lease.Address, lease.Space, lease.Owner, lease.Pod?.ToString() ?? "no pod", lease.Sequence, release.Because);
    }

    [LoggerMessage(40, LogLevel.Information, "{Address} in space {Space} is released, its owner {Owner} ({Pod}) is gone and its DEL never came: sequence {Sequence}: {Because}")]
    private static partial void LeakReleased(ILogger logger, Address address, string space, Owner owner, string pod, long sequence, string because);

    [LoggerMessage(41, LogLevel.Warning, "{Address} in space {Space} can't be released although its owner {Owner} is gone, will be tried again: {Reason}")]
    public static partial void LeakNotReleased(ILogger logger, Address address, string space, Owner owner, string reason);

    [LoggerMessage(42, LogLevel.Warning, "{Count} leases are not released that seem to be leaks according to {Source}: {Why}")]
    public static partial void ReleasesRefused(ILogger logger, int count, string source, string why);

    [LoggerMessage(43, LogLevel.Warning, "{Count} leases are leaks, and none is released because the grace period is 0; {Example}")]
    public static partial void LeaksOnlyCounted(ILogger logger, int count, string example);

    [LoggerMessage(44, LogLevel.Warning, "{Address} in space {Space} is in use on the wire: {Evidence}; {Owner} doesn't get it, and it is set aside for {Minutes} minutes")]
    public static partial void AddressInUse(ILogger logger, Address address, string space, string evidence, Owner owner, double minutes);

    [LoggerMessage(45, LogLevel.Information, "{Address} in space {Space} may be handed out again, for which {AnsweredBy} answered")]
    private static partial void AddressInUseOver(ILogger logger, Address address, string space, string answeredBy);

    [LoggerMessage(46, LogLevel.Information, "{Address} in space {Space} is no longer kept for {Owner}: {Because}")]
    private static partial void KeptNoLonger(ILogger logger, Address address, string space, string owner, string because);

    /// <summary>The time of a lease is over that was no container's.</summary>
    public static void LeaseExpired(ILogger logger, Lease lease, string because)
    {
        if (lease.Owner.IsKept)
            KeptNoLonger(logger, lease.Address, lease.Space, lease.Owner.ContainerId, because);
        else
            AddressInUseOver(logger, lease.Address, lease.Space, lease.Owner.ContainerId);
    }

    [LoggerMessage(50, LogLevel.Information, "this ipamd leads: it does the work for the whole cluster")]
    public static partial void Leads(ILogger logger);

    [LoggerMessage(51, LogLevel.Information, "this ipamd leads no longer; the leader is {Leader}")]
    public static partial void LeadsNoLonger(ILogger logger, string leader);

    [LoggerMessage(52, LogLevel.Warning, "who leads can't be found out, will be tried again: {Reason}")]
    public static partial void ElectionFailed(ILogger logger, string reason);

    [LoggerMessage(53, LogLevel.Warning, "{Store} lost data that it had confirmed: which owners were gone is found out anew")]
    public static partial void LeaderBeginsAnew(ILogger logger, string store);
}
