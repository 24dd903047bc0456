using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ipam.Bench;

/// <summary>Waits for whichever of many sockets has something to read (epoll(7)), on one thread.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 1;
    private const int MaxEvents = 256;

    private readonly int _descriptor = Check(epoll_create1(0x80000 /* EPOLL_CLOEXEC */));
    private readonly Event[] _events = new Event[MaxEvents];

    /// <summary>Watches a socket; <see cref="Wait"/> then calls it <paramref name="number"/>.</summary>
    public void Watch(Socket socket, int number)
    {
        var wanted = new Event { Events = Readable, Number = number };
        Check(epoll_ctl(_descriptor, Add, (int)socket.SafeHandle.DangerousGetHandle(), &wanted));
    }

    /// <summary>Waits until a socket can be read, and fills in the numbers of those that can.</summary>
    public int Wait(Span<int> numbers)
    {
        int count;
        fixed (Event* events = _events)
        {
            do
                count = epoll_wait(_descriptor, events, Math.Min(MaxEvents, numbers.Length), -1);
            while (count < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */);
        }
        Check(count);
        for (var i = 0; i < count; i++)
            numbers[i] = (int)_events[i].Number;
        return count;
    }

    public void Dispose() => close(_descriptor);

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception();

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public long Number;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int descriptor, int operation, int target, Event* wanted);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int descriptor, Event* events, int capacity, int timeout);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
