using System.Net;
using Ipam.Core.History;

namespace Ipam.Service.Options;

/// <summary>What ipamd is told at its start.</summary>
internal sealed record ServiceOptions
{
    /// <summary>URL of the store.</summary>
    public string Store { get; init; } = "sqlite:/var/lib/ipam/ipam.db";

    /// <summary>What it is there for.</summary>
    public ServiceRole Role { get; init; }

    /// <summary>Path of the unix socket.</summary>
    public string Socket { get; init; } = "/run/ipam/ipamd.sock";

    /// <summary>Where metrics and health are served over TCP; null for nowhere.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Name of this node, as the cluster knows it; of a controller the name by which others know it.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <summary>Labels of this node, for pools that are for nodes with labels; as <see cref="NodeLabelsText"/> reads them.</summary>
    public string NodeLabels { get; init; } = "";

    /// <summary>Folder of releases to be carried out later.</summary>
    public string Spool { get; init; } = "/var/lib/ipam/spool";

    /// <summary>Whether to take the node's name over from another machine that seems to be alive.</summary>
    public bool TakeOver { get; init; }

    /// <summary>The least severe events to log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether events are logged as JSON, one object a line, instead of text.</summary>
    public bool LogJson { get; init; }

    /// <summary>The longest a request may take before it is refused with code 11.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an owner must be gone before its lease is released without a DEL; zero: never.</summary>
    public TimeSpan GcGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long without a sign of its ipamd a node counts as gone, with all its containers; null: never.</summary>
    public TimeSpan? NodeGoneAfter { get; init; }

    /// <summary>How much is kept of which leases there were.</summary>
    public HistoryBounds History { get; init; } = HistoryBounds.Usual;

    /// <summary>Where the history that this node keeps itself is served over TCP, and others are told that it is; null for nowhere.</summary>
    public IPEndPoint? ServeHistory { get; init; }
}
