namespace Ipam.Service.Options;

/// <summary>What an ipamd is there for.</summary>
internal enum ServiceRole
{
    /// <summary>It serves its node, and stands for election where there is something to lead.</summary>
    All,

    /// <summary>It serves its node, and leaves the work for the whole cluster to others.</summary>
    Node,

    /// <summary>It serves no node: it stands for election, and does the work for the whole cluster while it leads.</summary>
    Controller,
}
