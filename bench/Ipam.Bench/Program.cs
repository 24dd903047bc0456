using System.Diagnostics;
using Ipam.Bench;
using Ipam.Bench.Admin;
using Ipam.Bench.Collection;
using Ipam.Bench.History;
using Ipam.Bench.Million;
using Ipam.Bench.Neighbours;
using Ipam.Bench.Page;
using Ipam.Bench.Ptp;
using Ipam.Bench.Scale;
using Ipam.Bench.Stores;
using static Ipam.Bench.Table;

// Debian's host-local beside ipam with ipamd on SQLite, in one run, on the disk that holds /var/tmp. Read the ratios: machines are noisy.

if (args is [AdminBenchmark.Nothing])
    return;

if (args is ["admin", .. var listed])
{
    await AdminBenchmark.RunAsync(listed);
    return;
}

if (args is ["ptp", .. var scenarios])
{
    PtpBenchmark.Run(scenarios);
    return;
}

if (args is ["stores", .. var kinds])
{
    StoresBenchmark.Run(kinds);
    return;
}

if (args is ["neighbours", .. var hosts])
{
    NeighboursBenchmark.Run(hosts);
    return;
}

if (args is ["sharing", .. var shared])
{
    SharingBenchmark.Run(shared);
    return;
}

if (args is ["scale", .. var servers])
{
    await ScaleBenchmark.RunAsync(servers);
    return;
}

if (args is ["gc", "pass", var store])
{
    await PassingLeader.RunAsync(store);
    return;
}

if (args is ["gc", .. var parts])
{
    await CollectionBenchmark.RunAsync(parts);
    return;
}

if (args is ["history", .. var pasts])
{
    await HistoryBenchmark.RunAsync(pasts);
    return;
}

if (args is ["page"])
{
    await PageBenchmark.RunAsync();
    return;
}

if (args is ["million", .. var million])
{
    MillionBenchmark.Run(million);
    return;
}

const int Sequential = 400;
const int Parallel = 50;
const int Filled = 16_000;

var folder = Directory.CreateDirectory($"/var/tmp/ipam-bench-{Environment.ProcessId}").FullName;
try
{
    var configuration = $$"""
        {"cniVersion":"1.0.0","name":"bench","type":"bench","ipam":{"type":"TYPE","ranges":[[{"subnet":"10.99.0.0/16"}]],
        "dataDir":"{{folder}}/host-local","socket":"{{folder}}/ipamd.sock","spool":"{{folder}}/spool"} }
        """;
    var hostLocalConf = Write("host-local.conf", configuration.Replace("TYPE", "host-local", StringComparison.Ordinal)
        .Replace($",\"socket\":\"{folder}/ipamd.sock\",\"spool\":\"{folder}/spool\"", "", StringComparison.Ordinal));
    var ipamConf = Write("ipam.conf", configuration.Replace("TYPE", "ipam", StringComparison.Ordinal));
    var hostLocal = new Contender("host-local", $"{Folders.Debian}/host-local", hostLocalConf);
    var ipam = new Contender("ipam", Folders.Artifact("cni/ipam"), ipamConf);

    using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), folder))
    {
        SocketLoad.WarmUp(ipamd.Socket, ipamConf);
        var empty = Compare("no leases", "e", hostLocalRuns: Sequential);
        Fill(ipamd);
        var full = Compare($"{Filled} leases in the /16", "f", hostLocalRuns: Sequential / 10);
        Row("ipam ADD p50, 16,000 / 0 leases", Number(full / empty));
    }

    var big = Directory.CreateDirectory($"{folder}/big").FullName;
    var bigConf = Write("big.conf", File.ReadAllText(ipamConf).Replace("10.99.0.0/16", "10.0.0.0/8", StringComparison.Ordinal));
    using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), big))
    {
        SocketLoad.WarmUp(ipamd.Socket, bigConf);
        Head("ipamd alone", "");
        foreach (var connections in (ReadOnlySpan<int>)[1, 16, 64, 256])
        {
            var count = connections == 1 ? 3_000 : 30_000;
            var elapsed = SocketLoad.Add(ipamd.Socket, bigConf, $"s{connections}-", count, connections);
            Row($"durable ADDs/s, {connections} connections", Number(count / elapsed.TotalSeconds, "0"));
        }
        SocketLoad.Add(ipamd.Socket, bigConf, "fill", 100_000 - 93_000, 64);
        ipamd.Kill();
    }
    using (var ipamd = Ipamd.Start(Folders.Artifact("ipamd/ipamd"), big))
    {
        Row("restart to ready, 100,000 leases, s", Number(ipamd.UntilReady.TotalSeconds));
        Row("memory then, MiB", Number(ipamd.ResidentMiB, "0"));
    }

    Head("plugin", "host-local", "ipam");
    Row("size, MiB", Size(hostLocal), Size(ipam));
    Row("peak RSS, MiB", PeakRss.Of(hostLocal), PeakRss.Of(ipam));

    // With many leases host-local takes 20 times as long; fewer runs of it tell as much.
    double Compare(string title, string prefix, int hostLocalRuns)
    {
        var (hostLocalAdd, hostLocalDel, ipamAdd, ipamDel) = (new Samples(), new Samples(), new Samples(), new Samples());
        for (var i = 0; i < Sequential; i++)
        {
            if (i < hostLocalRuns)
                hostLocalAdd.Add(hostLocal.Run("ADD", $"{prefix}{i}"));
            ipamAdd.Add(ipam.Run("ADD", $"{prefix}{i}"));
        }
        for (var i = 0; i < Sequential; i++)
        {
            if (i < hostLocalRuns)
                hostLocalDel.Add(hostLocal.Run("DEL", $"{prefix}{i}"));
            ipamDel.Add(ipam.Run("DEL", $"{prefix}{i}"));
        }
        Head(title, "host-local", "ipam", "ratio");
        Line("ADD p50, ms", hostLocalAdd.P50, ipamAdd.P50);
        Line("ADD p99, ms", hostLocalAdd.P99, ipamAdd.P99);
        Line("DEL p50, ms", hostLocalDel.P50, ipamDel.P50);
        Line("DEL p99, ms", hostLocalDel.P99, ipamDel.P99);
        Line($"{Parallel}-way ADD+DEL, ops/s", Throughput(hostLocal, prefix, hostLocalRuns * 2), Throughput(ipam, prefix, Sequential * 2));
        return ipamAdd.P50;
    }

    static void Line(string name, double left, double right) => Row(name, Number(left), Number(right), Number(right / left));

    static double Throughput(Contender contender, string prefix, int runs)
    {
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Parallel).Select(_ => new Thread(() =>
        {
            for (var i = Interlocked.Increment(ref next); i < runs; i = Interlocked.Increment(ref next))
            {
                contender.Run("ADD", $"{prefix}p{i}");
                contender.Run("DEL", $"{prefix}p{i}");
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return 2 * runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // host-local is filled with the files it would write itself; that many ADDs of it would take half an hour.
    void Fill(Ipamd ipamd)
    {
        var network = Directory.CreateDirectory($"{folder}/host-local/bench").FullName;
        for (var i = 0; i < Filled; i++)
            File.WriteAllText($"{network}/10.99.{(i + 512) / 256}.{i % 256}", $"filled{i}\r\neth0");
        SocketLoad.Add(ipamd.Socket, ipamConf, "filled", Filled, 32);
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    static string Size(Contender contender) => Number(new FileInfo(contender.Binary).Length / 1048576.0);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
