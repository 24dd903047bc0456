using Cni.Protocol;
using Net.Plugin.Attachments;
using Net.Plugin.Interop;

namespace Net.Plugin.Ptp;

/// <summary>
/// One ADD or DEL at a time works on an attachment: two ADDs would give back each other's addresses, and of an ADD that was killed the IPAM
/// plugin may still be at work when the DEL comes, and take an address after the DEL has looked for one. So the IPAM plugin holds the
/// claim too. Calls for different attachments don't meet here.
/// </summary>
internal static class AttachmentClaim
{
    /// <summary>How long a call waits for the one before it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Only root can hold anything in it.
    private const string Folder = "/run/net-ptp";

    // Between two looks.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until nobody else works on the attachment; null if that takes too long.</summary>
    /// <exception cref="SystemCallException">The kernel refuses.</exception>
    public static LockFile? TryTake(AttachmentTag tag)
    {
        var deadline = new Deadline(Patience);
        while (true)
        {
            if (TryTakeAtOnce(tag) is { } claim)
                return claim;
            if (deadline.HasPassed)
                return null;
            Thread.Sleep(Pause);
        }
    }

    /// <summary>The same without waiting: null if somebody works on the attachment.</summary>
    /// <exception cref="SystemCallException">The kernel refuses.</exception>
    public static LockFile? TryTakeAtOnce(AttachmentTag tag) => LockFile.TryTake(Folder, tag.Key);

    /// <summary>That somebody else still works on the attachment, after all patience.</summary>
    /// <param name="request">Names the attachment.</param>
    /// <param name="tag">The same attachment.</param>
    /// <param name="consequence">What is not done because of it: a part of a sentence with <c>"; "</c> behind it, or nothing.</param>
    public static CniException Busy(PluginRequest request, AttachmentTag tag, string consequence = "") => new(
        CniErrorCode.TryAgainLater,
        $"another call is still at work on {request.Environment.IfName} of container {request.Environment.ContainerId} in network {request.Head.Name}",
        $"{consequence}it did not end within {Patience.TotalSeconds} seconds; see whether its IPAM plugin hangs, then try again; who holds {Folder}/{tag.Key} is at work");
}
