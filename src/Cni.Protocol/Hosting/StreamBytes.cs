namespace Cni.Protocol;

/// <summary>A stream's content in one piece.</summary>
internal static class StreamBytes
{
    private const int FirstSize = 4096;

    /// <summary>All of it; null if it is larger than this.</summary>
    public static ReadOnlyMemory<byte>? ReadToEnd(Stream stream, int largest)
    {
        var buffer = new byte[FirstSize];
        var length = 0;
        int read;
        while ((read = stream.Read(buffer, length, buffer.Length - length)) > 0)
        {
            length += read;
            if (length > largest)
                return null;
            if (length == buffer.Length)
                Array.Resize(ref buffer, length * 2);
        }
        return buffer.AsMemory(0, length);
    }
}
