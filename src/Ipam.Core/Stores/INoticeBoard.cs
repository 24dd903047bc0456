namespace Ipam.Core.Stores;

/// <summary>A place where people look for what happened in the cluster, such as the Events of Kubernetes. Members may be called from several threads at once.</summary>
public interface INoticeBoard
{
    /// <summary>Puts a notice up. It isn't kept for long.</summary>
    /// <exception cref="StoreException">The store failed, or refused.</exception>
    Task PostAsync(Notice notice, CancellationToken cancellationToken);
}

/// <summary>Something that people should know of.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Name">The name of that.</param>
/// <param name="Reason">What happened, in one word for programs: letters only, as in <c>PoolExhausted</c>.</param>
/// <param name="Message">What happened and what to do, for people.</param>
public sealed record Notice(NoticeSubject Subject, string Name, string Reason, string Message)
{
    /// <summary>The namespace of what it is about; empty for what is in none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The identity of what it is about; empty if the store knows it by the name.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Which program says so.</summary>
    public string By { get; init; } = "ipamd";

    /// <summary>Whether somebody has to do something about it.</summary>
    public bool IsWarning { get; init; } = true;
}

/// <summary>What a <see cref="Notice"/> is about.</summary>
public enum NoticeSubject
{
    /// <summary>A pool.</summary>
    Pool,

    /// <summary>A node.</summary>
    Node,

    /// <summary>A pod.</summary>
    Pod,
}
