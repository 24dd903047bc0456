namespace Ipam.Core.Leadership;

/// <summary>What is led. Each role has a record of its own in <see cref="Stores.ILeaderRecords"/>.</summary>
public static class LeaderRole
{
    /// <summary>The work for the whole cluster, which one ipamd of all does.</summary>
    public const string Controller = "controller";
}
