using EndToEnd.Support;

namespace EndToEnd.Storm;

/// <summary>The wall clock of a node's ipamd, which a library (clock.c) sets off from the machine's. The monotonic clock stays as it is.</summary>
internal sealed class NodeClock
{
    private readonly string _file;

    public NodeClock(Site site)
    {
        _file = site.PathOf("clock");
        Set(0);
        var library = site.PathOf("clock.so");
        Command.Run("cc", "-shared", "-fPIC", "-O2", "-o", library, RepositoryRoot.PathOf("tests/EndToEnd/Storm/clock.c"), "-ldl");
        Variables = [$"LD_PRELOAD={library}", $"STORM_CLOCK={_file}"];
    }

    /// <summary>What ipamd must be started with.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Sets the clock so many days before or behind the true one.</summary>
    public void Set(int days)
    {
        // In place: ipamd has the file mapped.
        using var file = File.OpenHandle(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, BitConverter.GetBytes(days * 86_400L), 0);
    }
}
