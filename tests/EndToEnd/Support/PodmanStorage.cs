namespace EndToEnd.Support;

/// <summary>The images and containers of a podman of one test, in a folder that goes with this object.</summary>
internal sealed class PodmanStorage : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>What podman needs to be told, to use it.</summary>
    public string[] Options => ["--root", PathOf("storage"), "--runroot", PathOf("run")];

    /// <summary>The path of something else in the folder.</summary>
    public string PathOf(string name) => _folder.Combine(name);

    public void Dispose()
    {
        // Whatever cleans up behind a container outlives the call that ended it.
        Wait.Until(() => !Directory.GetDirectories("/proc").Any(IsAtWork), $"the end of all that uses {_folder.Path}");
        foreach (var mount in File.ReadLines("/proc/mounts").Select(static line => line.Split(' ')[1]).Where(IsInside).OrderDescending(StringComparer.Ordinal).ToList())
            Command.Run("umount", "--lazy", mount);
        _folder.Dispose();
    }

    private bool IsInside(string path) => path.StartsWith(_folder.Path + '/', StringComparison.Ordinal);

    private bool IsAtWork(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Split('\0').Any(IsInside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is no process.
            return false;
        }
    }
}
