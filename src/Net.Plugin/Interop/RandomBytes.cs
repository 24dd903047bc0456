using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>getrandom(2). (System.Security.Cryptography would load OpenSSL for it.)</summary>
internal static unsafe class RandomBytes
{
    /// <summary>Fills the whole span; up to 256 bytes come in one piece.</summary>
    public static void Fill(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (LibC.GetRandom(start, buffer.Length, 0) != buffer.Length)
            {
                var errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    throw new SystemCallException($"getrandom of {buffer.Length} bytes", errno);
            }
        }
    }
}
