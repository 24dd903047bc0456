using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>Strings as C wants a list of them: an array of pointers that ends with a null pointer (execve(2)).</summary>
internal sealed unsafe class StringBlock : IDisposable
{
    /// <param name="strings">The strings one after the other, a zero byte behind each.</param>
    public StringBlock(ReadOnlySpan<byte> strings)
    {
        var count = strings.Count((byte)0);
        Pointers = (byte**)NativeMemory.Alloc((nuint)((count + 1) * sizeof(byte*) + strings.Length));
        var bytes = (byte*)(Pointers + count + 1);
        strings.CopyTo(new Span<byte>(bytes, strings.Length));
        for (var i = 0; i < count; i++)
        {
            Pointers[i] = bytes;
            var length = strings.IndexOf((byte)0) + 1;
            strings = strings[length..];
            bytes += length;
        }
        Pointers[count] = null;
    }

    public byte** Pointers { get; }

    public void Dispose() => NativeMemory.Free(Pointers);
}
