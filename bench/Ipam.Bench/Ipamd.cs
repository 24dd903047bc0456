using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Ipam.Bench;

/// <summary>An ipamd of the benchmark's own.</summary>
internal sealed class Ipamd : IDisposable
{
    private readonly Process _process;

    private Ipamd(Process process, string socket, TimeSpan untilReady)
    {
        _process = process;
        Socket = socket;
        UntilReady = untilReady;
    }

    public string Socket { get; }

    public int ProcessId => _process.Id;

    /// <summary>From its start to the first answer "ready".</summary>
    public TimeSpan UntilReady { get; }

    public double ResidentMiB => StatusValue("VmRSS:") / 1024;

    /// <summary>Starts one on a SQLite file in its folder, or on a store elsewhere.</summary>
    public static Ipamd Start(string binary, string folder, string? store = null, string node = "bench", params string[] options)
    {
        var socket = Path.Combine(folder, "ipamd.sock");
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(
            binary,
            ["--store", store ?? $"sqlite:{folder}/ipam.db", "--socket", socket, "--spool", $"{folder}/spool", "--node", node, "--log-level", "warning", .. options]))!;
        while (!IsReady(socket))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"ipamd ended with code {process.ExitCode}");
            Thread.Sleep(5);
        }
        return new Ipamd(process, socket, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private double StatusValue(string key)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsReady(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8);
            var buffer = new byte[512];
            return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
