using System.Diagnostics;
using static Ipam.Bench.Table;

namespace Ipam.Bench.Million;

/// <summary>A million leases of a /8 in one SQLite file: what they cost an ADD, ipamd's memory and start, and who lists them.</summary>
internal static class MillionBenchmark
{
    private const int Leases = 1_000_000;
    private const int Connections = 64;
    private const int Calls = 2_000;

    public static void Run()
    {
        var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-million-{Environment.ProcessId}").FullName;
        try
        {
            var configuration = Path.Combine(folder, "million.conf");
            File.WriteAllText(configuration, $$"""
                {"cniVersion":"1.0.0","name":"bench","type":"bench",
                "ipam":{"type":"ipam","socket":"{{folder}}/ipamd.sock","spool":"{{folder}}/spool","subnet":"10.0.0.0/8"} }
                """);
            Head($"{Leases:N0} leases in SQLite", "none", $"{Leases:N0}");
            Measure(folder, configuration);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder, string configuration)
    {
        double before, after, readyEmpty, memoryEmpty;
        using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder))
        {
            (readyEmpty, memoryEmpty) = (ipamd.UntilReady.TotalSeconds, ipamd.ResidentMiB);
            SocketLoad.WarmUp(ipamd.Socket, configuration);
            before = P50(ipamd, configuration, "before");
            SocketLoad.Add(ipamd.Socket, configuration, "m", Leases, Connections);
            after = P50(ipamd, configuration, "after");
            ipamd.Kill();
        }
        Row("ADD p50, ms", Number(before), Number(after));
        using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder))
        {
            Row("start to ready, s", Number(readyEmpty), Number(ipamd.UntilReady.TotalSeconds));
            Row("memory then, MiB", Number(memoryEmpty, "0"), Number(ipamd.ResidentMiB, "0"));
            Row("ipamctl lease list, s", "", Number(List(folder).TotalSeconds));
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

    private static TimeSpan List(string folder)
    {
        var start = Stopwatch.GetTimestamp();
        string[] arguments = ["--store", $"sqlite:{folder}/ipam.db", "lease", "list"];
        using var ipamctl = Process.Start(new ProcessStartInfo(Folders.Artifact("ipamctl/ipamctl"), arguments) { RedirectStandardOutput = true })!;
        var lines = 0;
        while (ipamctl.StandardOutput.ReadLine() is not null)
            lines++;
        ipamctl.WaitForExit();
        return lines > Leases ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"ipamctl listed {lines} lines");
    }
}
