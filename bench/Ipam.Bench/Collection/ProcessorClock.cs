using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ipam.Bench.Collection;

/// <summary>The processor time that a process has used, all its threads together, to the nanosecond (clock_getcpuclockid(3)).</summary>
internal static unsafe partial class ProcessorClock
{
    /// <summary>CPUCLOCK_SCHED, in the bits below the process id's complement.</summary>
    private const int Scheduled = 2;
    private const int BitsOfKind = 3;

    public static TimeSpan Of(int processId)
    {
        var time = stackalloc long[2];
        return clock_gettime((~processId << BitsOfKind) | Scheduled, time) == 0
            ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000.0)
            : throw new Win32Exception();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, long* time);
}
