using System.Runtime.InteropServices;

namespace Net.Plugin.Interop;

/// <summary>
/// What posix_spawn is to do in the child: descriptors to put in place, a process group of its own, and signals back to their defaults
/// (the runtime ignores SIGPIPE; a child must not inherit that).
/// </summary>
internal sealed unsafe class SpawnSettings : IDisposable
{
    // glibc on 64-bit: posix_spawn_file_actions_t 80 bytes, posix_spawnattr_t 336, sigset_t 128; musl's are no larger.
    private const int Room = 512;
    private const short SetProcessGroup = 0x02;
    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;

    public SpawnSettings()
    {
        FileActions = (byte*)NativeMemory.AllocZeroed(Room);
        Attributes = (byte*)NativeMemory.AllocZeroed(Room);
        _ = LibC.InitFileActions(FileActions);
        _ = LibC.InitAttributes(Attributes);
        var signals = stackalloc byte[Room];
        _ = LibC.FillSignals(signals);
        _ = LibC.SetDefaultSignals(Attributes, signals);
        _ = LibC.EmptySignals(signals);
        _ = LibC.SetSignalMask(Attributes, signals);
        // 0: a group of its own, by which it and all that it starts can be ended.
        _ = LibC.SetProcessGroup(Attributes, 0);
        _ = LibC.SetAttributeFlags(Attributes, SetProcessGroup | SetDefaultSignals | SetSignalMask);
    }

    public byte* FileActions { get; }

    public byte* Attributes { get; }

    /// <summary>Makes the child see <paramref name="descriptor"/> as number <paramref name="number"/>, open across exec.</summary>
    public void Connect(FileDescriptor descriptor, int number)
    {
        var error = LibC.AddDuplicate(FileActions, descriptor.Number, number);
        if (error != 0)
            throw new SystemCallException("posix_spawn_file_actions_adddup2", (Errno)error);
    }

    public void Dispose()
    {
        _ = LibC.DestroyFileActions(FileActions);
        _ = LibC.DestroyAttributes(Attributes);
        NativeMemory.Free(FileActions);
        NativeMemory.Free(Attributes);
    }
}
