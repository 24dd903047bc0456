using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>Strings as C wants a list of them: an array of pointers that ends with a null pointer (execve(2)).</summary>
internal sealed unsafe class StringBlock : IDisposable
{
    private readonly int _count;

    public StringBlock(IReadOnlyList<string> values)
    {
        _count = values.Count;
        Pointers = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < _count; i++)
            Pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(values[i]);
    }

    public byte** Pointers { get; }

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
            Marshal.FreeCoTaskMem((nint)Pointers[i]);
        NativeMemory.Free(Pointers);
    }
}
