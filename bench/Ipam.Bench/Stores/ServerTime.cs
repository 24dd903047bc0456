using System.Globalization;

namespace Ipam.Bench.Stores;

/// <summary>The processor time of a program that a process started, itself or by others.</summary>
internal static class ServerTime
{
    /// <summary>Fields of /proc/PID/stat (proc_pid_stat(5)), counted behind the name.</summary>
    private const int Parent = 1;
    private const int UserTicks = 11;
    private const int SystemTicks = 12;
    private const double TicksPerSecond = 100;

    /// <summary>What all of that name have used so far, in seconds.</summary>
    public static double Of(int ancestor, string program)
    {
        var all = Directory.GetDirectories("/proc").Select(static folder => Path.GetFileName(folder)).Where(static name => int.TryParse(name, out _)).Select(Read)
            .OfType<Process>().ToDictionary(static process => process.Id);
        return all.Values.Where(process => process.Name == program && IsBelow(process)).Sum(static process => process.Seconds);

        bool IsBelow(Process process) => process.Parent == ancestor || (all.TryGetValue(process.Parent, out var parent) && IsBelow(parent));
    }

    private static Process? Read(string id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var end = text.LastIndexOf(')');
            var fields = text[(end + 2)..].Split(' ');
            return new Process(
                int.Parse(id, CultureInfo.InvariantCulture), text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..end],
                int.Parse(fields[Parent], CultureInfo.InvariantCulture),
                (double.Parse(fields[UserTicks], CultureInfo.InvariantCulture) + double.Parse(fields[SystemTicks], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private sealed record Process(int Id, string Name, int Parent, double Seconds);
}
