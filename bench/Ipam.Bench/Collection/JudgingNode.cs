using Ipam.Bench.Ptp;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Collection;

/// <summary>
/// What it costs a node with 250 pods to judge its own leases: the processor time of an ipamd beside that of one that has nothing to judge, which does all else as well.
/// </summary>
internal static class JudgingNode
{
    private const int Pods = 250;
    private const int Passes = 10;

    /// <summary>As ipamd has it.</summary>
    private static readonly TimeSpan BetweenPasses = TimeSpan.FromSeconds(15);

    /// <summary>Until what runs in a pass is compiled as it is after a while.</summary>
    private static readonly TimeSpan Settling = 6 * BetweenPasses;

    public static async Task MeasureAsync()
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-gc-{Environment.ProcessId}").FullName;
        var containers = Enumerable.Range(0, Pods).Select(static i => new Container($"ipam-bench-{i}")).ToList();
        try
        {
            using var judges = Start($"{folder}/judges");
            using var idles = Start($"{folder}/idles");
            var configuration = $"{folder}/judges/ipam.conf";
            File.WriteAllText(configuration, $$"""
                {"cniVersion":"1.0.0","name":"bench","type":"bench",
                "ipam":{"type":"ipam","socket":"{{judges.Socket}}","spool":"{{folder}}/judges/spool","subnet":"10.0.0.0/16"} }
                """);
            var plugin = new Contender("ipam", Folders.Artifact("cni/ipam"), configuration);
            containers.ForEach(container => plugin.Run("ADD", container.Name, container.NetNs));
            await Task.Delay(Settling);

            var before = Difference();
            await Task.Delay(Passes * BetweenPasses);
            Head($"a node with {Pods} pods judges itself", "");
            Row("processor time of a pass, ms", Number((Difference() - before).TotalMilliseconds / Passes));

            TimeSpan Difference() => ProcessorClock.Of(judges.ProcessId) - ProcessorClock.Of(idles.ProcessId);
        }
        finally
        {
            containers.ForEach(static container => container.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Ipamd Start(string folder) => Ipamd.Start(Folders.Artifact("ipamd/ipamd"), Directory.CreateDirectory(folder).FullName);
}
