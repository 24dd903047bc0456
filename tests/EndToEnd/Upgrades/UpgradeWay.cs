namespace EndToEnd.Upgrades;

/// <summary>How plugin and ipamd are replaced.</summary>
internal enum UpgradeWay
{
    /// <summary>By install.sh; ipamd takes over the socket that systemd keeps.</summary>
    Socket,

    /// <summary>By install.sh; ipamd listens by itself.</summary>
    Restart,

    /// <summary>As a DaemonSet does: ipamd ends, its successor's <c>ipamctl install-cni</c> replaces the plugin, and then the successor starts.</summary>
    Pod,
}
