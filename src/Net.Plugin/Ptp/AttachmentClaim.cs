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

    // Between two looks, for a holder that can't be waited for: one that has claimed the name and doesn't listen yet.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until nobody else works on the attachment; null if that takes too long.</summary>
    /// <exception cref="SystemCallException">The kernel refuses.</exception>
    public static FileDescriptor? TryTake(AttachmentTag tag)
    {
        var name = $"net-ptp/{tag.Key}";
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (ClaimedName.TryClaim(name) is { } claim)
                return claim;
            var left = Patience - TimeProvider.System.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return null;
            if (!ClaimedName.TryWaitUntilFree(name, left))
                Thread.Sleep(Pause);
        }
    }
}
