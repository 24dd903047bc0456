namespace Testing;

/// <summary>A file system mounted for a test.</summary>
public sealed class Mount : IDisposable
{
    private readonly string _at;

    private Mount(string at, params string[] arguments)
    {
        _at = at;
        Command.Run("mount", [.. arguments, at]);
    }

    /// <summary>A file system in memory with room for <paramref name="kilobytes"/>.</summary>
    public static Mount Small(string at, int kilobytes) => new(at, "-t", "tmpfs", "-o", $"size={kilobytes}k", "ipam-test");

    /// <summary>Makes a folder read-only, for root too.</summary>
    public static Mount ReadOnly(string at) => new(at, "--bind", "-o", "ro", at);

    public void Dispose() => Command.Run("umount", "--lazy", _at);
}
