using System.Diagnostics;
using System.Globalization;
using Ipam.Bench.Stores;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Million;

/// <summary>A million leases of a /8 that one node handed out: what they cost an ADD, ipamd's memory and start, and who lists them.</summary>
internal static class MillionBenchmark
{
    private const int Leases = 1_000_000;
    private const int Connections = 64;
    private const int Calls = 2_000;

    private static readonly string[] All = ["sqlite", "redis"];

    /// <param name="arguments">The stores; a number stands for how many leases there are to be instead.</param>
    public static void Run(string[] arguments)
    {
        var numbers = arguments.Where(static argument => int.TryParse(argument, out _)).ToArray();
        var leases = numbers is [var number, ..] ? int.Parse(number, CultureInfo.InvariantCulture) : Leases;
        var kinds = arguments.Except(numbers).ToArray();
        foreach (var kind in kinds.Length > 0 ? kinds : All)
            Run(kind, leases);
    }

    private static void Run(string kind, int leases)
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-million-{Environment.ProcessId}").FullName;
        using var store = SharedStore.Start(kind);
        try
        {
            var configuration = Path.Combine(folder, "million.conf");
            File.WriteAllText(configuration, $$"""
                {"cniVersion":"1.0.0","name":"bench","type":"bench",
                "ipam":{"type":"ipam","socket":"{{folder}}/ipamd.sock","spool":"{{folder}}/spool","subnet":"10.0.0.0/8"} }
                """);
            Head($"{leases:N0} leases in {kind}", "none", $"{leases:N0}");
            Measure(folder, store.Url, configuration, leases);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder, string store, string configuration, int leases)
    {
        double before, after, readyEmpty, memoryEmpty;
        using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder, store))
        {
            (readyEmpty, memoryEmpty) = (ipamd.UntilReady.TotalSeconds, ipamd.ResidentMiB);
            SocketLoad.WarmUp(ipamd.Socket, configuration);
            before = P50(ipamd, configuration, "before");
            SocketLoad.Add(ipamd.Socket, configuration, "m", leases, Connections);
            after = P50(ipamd, configuration, "after");
            Row("memory at work, MiB", "", Number(ipamd.ResidentMiB, "0"));
            ipamd.Kill();
        }
        Row("ADD p50, ms", Number(before), Number(after));
        using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder, store))
        {
            Row("start to ready, s", Number(readyEmpty), Number(ipamd.UntilReady.TotalSeconds));
            Row("memory then, MiB", Number(memoryEmpty, "0"), Number(ipamd.ResidentMiB, "0"));
            Row("ipamctl lease list, s", "", Number(List(store, leases).TotalSeconds));
        }
    }

    private static double P50(Ipamd ipamd, string configuration, string prefix)
    {
        var samples = new Samples();
        using var connection = new LoadConnection(ipamd.Socket, File.ReadAllBytes(configuration));
        for (var i = 0; i < Calls; i++)
            samples.Add(connection.Call("add", $"{prefix}{i}"));
        return samples.P50;
    }

    private static TimeSpan List(string store, int leases)
    {
        var start = Stopwatch.GetTimestamp();
        string[] arguments = ["--store", store, "lease", "list"];
        using var ipamctl = Process.Start(new ProcessStartInfo(Folders.Artifact("ipamctl/ipamctl"), arguments) { RedirectStandardOutput = true })!;
        var lines = 0;
        while (ipamctl.StandardOutput.ReadLine() is not null)
            lines++;
        ipamctl.WaitForExit();
        return lines > leases ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"ipamctl listed {lines} lines");
    }
}
