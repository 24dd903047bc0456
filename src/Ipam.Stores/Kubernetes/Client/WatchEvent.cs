namespace Ipam.Stores.Kubernetes.Client;

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">To which object; null for events of none.</param>
/// <param name="Version">Up to which resourceVersion it tells; of a bookmark only.</param>
internal sealed record WatchEvent<T>(WatchEventType Type, T? Object = null, long Version = 0)
    where T : class;

/// <summary>What a watch tells of.</summary>
internal enum WatchEventType
{
    /// <summary>The watch is on; from now on changes are told.</summary>
    Started,

    /// <summary>The object is there, new or changed.</summary>
    Changed,

    /// <summary>The object is gone.</summary>
    Deleted,

    /// <summary>Nothing happened up to the version named.</summary>
    Bookmark,

    /// <summary>The server no longer knows what happened since the version asked for.</summary>
    Expired,
}
