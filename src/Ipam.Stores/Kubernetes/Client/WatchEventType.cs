namespace Ipam.Stores.Kubernetes.Client;

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
