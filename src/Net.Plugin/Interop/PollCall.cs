using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>Waiting until a descriptor can be read, at most for so long.</summary>
internal static unsafe class PollCall
{
    private const int EntrySize = 8; // struct pollfd: a descriptor, then what is wanted and what there is
    private const short Readable = 1; // POLLIN

    /// <summary>False when the time is up first.</summary>
    public static bool WaitUntilReadable(FileDescriptor file, Deadline deadline)
    {
        var entry = stackalloc byte[EntrySize];
        *(int*)entry = file.Number;
        *(short*)(entry + sizeof(int)) = Readable;
        while (true)
        {
            var ready = LibC.Poll(entry, 1, deadline.Milliseconds);
            if (ready > 0)
                return true;
            // A signal ends the waiting early.
            if (ready == 0 || (Errno)Marshal.GetLastPInvokeError() != Errno.EINTR)
                return false;
        }
    }
}
