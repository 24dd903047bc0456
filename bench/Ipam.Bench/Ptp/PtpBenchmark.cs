using static Ipam.Bench.Table;

namespace Ipam.Bench.Ptp;

/// <summary>
/// Debian's ptp beside net-ptp, both with host-local, then both with ipam: ADD and DEL, one at a time and 20 at once. The kernel's own
/// deletion of the link, which is most of a DEL, is measured between them. The plugins take turns, on a host of the benchmark's own.
/// </summary>
internal sealed class PtpBenchmark(string folder, IReadOnlyList<Container> containers)
{
    private const int Sequential = 100;
    private const int Parallel = 20;
    private const int RoundsInParallel = 5;

    // The reference waits two seconds for duplicate address detection, each time.
    private const int SequentialDual = 5;
    private const int DualRoundsInParallel = 1;

    /// <param name="titles">Of the scenarios; none are all.</param>
    public static void Run(string[] titles)
    {
        KernelNetwork.BecomeAnEmptyHost();
        var folder = Directory.CreateDirectory($"/var/tmp/net-ptp-bench-{Environment.ProcessId}").FullName;
        var containers = new List<Container>();
        try
        {
            for (var i = 0; i < Parallel; i++)
                containers.Add(new Container($"net-ptp-bench-{Environment.ProcessId}-{i}"));
            using var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder);
            var benchmark = new PtpBenchmark(folder, containers);
            benchmark.WarmUp(ipamd);
            benchmark.CompareAll(titles);
        }
        finally
        {
            containers.ForEach(static container => container.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    // A service that has just started compiles what it runs; it is to be measured as it is after a while.
    private void WarmUp(Ipamd ipamd)
    {
        var (_, netPtp) = Plugins(new Scenario("ipam", false, false));
        SocketLoad.Add(ipamd.Socket, netPtp.ConfigurationPath, "warm", 500, 8);
        for (var i = 0; i < Sequential; i++)
            Cycle(netPtp, containers[0], new Figures());
    }

    private void CompareAll(string[] titles)
    {
        foreach (var scenario in Scenario.All("host-local").Concat(Scenario.All("ipam")))
        {
            if (titles.Length == 0 || titles.Contains(scenario.Title))
                Compare(scenario);
        }

        var (reference, netPtp) = Plugins(new Scenario("host-local", true, true));
        Head("main plugin", "ptp", "net-ptp");
        Row("size, MiB", Size(reference), Size(netPtp));
        Row("peak RSS, MiB", reference.PeakRss(containers[0]), netPtp.PeakRss(containers[0]));
    }

    private void Compare(Scenario scenario)
    {
        var (reference, netPtp) = Plugins(scenario);
        var (kernel, referenceOnes, ones) = (new Samples(), new Figures(), new Figures());
        for (var i = 0; i < Sequential; i++)
        {
            // The kernel goes on cleaning up behind a DEL, so neither is always the one that comes after the other.
            if (i % 2 != 0)
                Cycle(netPtp, containers[0], ones);
            if (!scenario.IsDual || i < SequentialDual)
                Cycle(reference, containers[0], referenceOnes);
            if (i % 2 == 0)
                Cycle(netPtp, containers[0], ones);
            netPtp.Run("ADD", containers[0]);
            kernel.Add(KernelNetwork.DeleteVeth());
            netPtp.Run("DEL", containers[0]);
        }
        Head(scenario.Title, "ptp", "net-ptp", "ratio");
        Lines("", referenceOnes, ones);
        Row("kernel's own link deletion p50, ms", "", Number(kernel.P50));
        Row("DEL p50 above the kernel's, ms", Number(referenceOnes.Del.P50 - kernel.P50), Number(ones.Del.P50 - kernel.P50));
        Lines($"{Parallel} at once: ", AtOnce(reference, scenario.IsDual ? DualRoundsInParallel : RoundsInParallel), AtOnce(netPtp, RoundsInParallel));
    }

    private (MainPlugin Reference, MainPlugin NetPtp) Plugins(Scenario scenario)
    {
        var configuration = Path.Combine(folder, "network.conf");
        File.WriteAllText(configuration, scenario.Configuration(folder));
        return (new MainPlugin("ptp", $"{Folders.Debian}/ptp", configuration), new MainPlugin("net-ptp", Folders.Artifact("cni/net-ptp"), configuration));
    }

    private static void Cycle(MainPlugin plugin, Container container, Figures figures)
    {
        figures.Add.Add(plugin.Run("ADD", container));
        figures.Del.Add(plugin.Run("DEL", container));
    }

    // All ADDs at once, then all DELs at once, as when a node starts and stops its containers.
    private Figures AtOnce(MainPlugin plugin, int rounds)
    {
        var figures = new Figures();
        for (var round = 0; round < rounds; round++)
        {
            ForEachContainer(container => figures.Add.Add(plugin.Run("ADD", container)));
            ForEachContainer(container => figures.Del.Add(plugin.Run("DEL", container)));
        }
        return figures;
    }

    private void ForEachContainer(Action<Container> work)
    {
        var threads = containers.Select(container => new Thread(() => work(container))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
    }

    private static void Lines(string prefix, Figures reference, Figures netPtp)
    {
        Line($"{prefix}ADD p50, ms", reference.Add.P50, netPtp.Add.P50);
        Line($"{prefix}ADD p99, ms", reference.Add.P99, netPtp.Add.P99);
        Line($"{prefix}DEL p50, ms", reference.Del.P50, netPtp.Del.P50);
        Line($"{prefix}DEL p99, ms", reference.Del.P99, netPtp.Del.P99);
    }

    private static void Line(string name, double reference, double netPtp) =>
        Row(name, Number(reference), Number(netPtp), Number(netPtp / reference, "0.000"));

    private static string Size(MainPlugin plugin) => Number(new FileInfo(plugin.Binary).Length / 1048576.0);
}
