namespace EndToEnd.Newcomers;

/// <summary>docs/install-kubernetes.md, followed to the letter: pods are processes with the mounts, the accounts and the rights of their manifests.</summary>
[NeedsControlPlane]
public sealed class ClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [RootFact("kubectl", "jq", "curl", "ip", "macvlan")]
    public void Its_commands_lead_to_pods_with_addresses_and_leave_nothing_on_the_node_in_the_end()
    {
        var told = Follower.Follow("newcomer-kubernetes.sh", "SHORT", Patience);

        Assert.Matches(@"\n10\.90\.\d+\.\d+/16\nthe first address came \d+\.\d s after the first command\n", told);
        Assert.EndsWith("\nnothing is left of it on the node\n", told, StringComparison.Ordinal);
    }
}
