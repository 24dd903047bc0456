using System.Diagnostics;

namespace EndToEnd.Newcomers;

/// <summary>docs/install-kubernetes.md, followed to the letter: pods are processes with the mounts, the accounts and the rights of their manifests.</summary>
[NeedsControlPlane]
public sealed class ClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [RootFact("kubectl", "jq", "curl", "ip", "macvlan")]
    public void Its_commands_lead_to_pods_with_addresses_and_leave_nothing_on_the_node_in_the_end()
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathOf("eng/newcomer-kubernetes.sh"));
        start.Environment["SHORT"] = "1";
        var followed = Command.Run(start, "", Patience);

        Assert.True(followed.ExitCode == 0, followed.ToString());
        Assert.Matches(@"\n10\.90\.\d+\.\d+/16\nthe first address came \d+\.\d s after the first command\n", followed.Stdout);
        Assert.EndsWith("\nnothing is left of it on the node\n", followed.Stdout, StringComparison.Ordinal);
    }
}
