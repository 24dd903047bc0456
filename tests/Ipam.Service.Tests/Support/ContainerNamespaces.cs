using System.Diagnostics;

namespace Ipam.Service.Tests.Support;

/// <summary>Network namespaces at paths in a folder of its own, as a runtime keeps them.</summary>
internal sealed class ContainerNamespaces : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HashSet<string> _mounted = [];
    private readonly List<Process> _processes = [];

    public string Folder => _folder.Path;

    public string PathOf(string name) => _folder.Combine(name);

    /// <summary>Makes a namespace, in place of the one that the name may have.</summary>
    public string Create(string name)
    {
        if (_mounted.Contains(name))
            Unmount(name);
        File.WriteAllText(PathOf(name), "");
        Command.Run("unshare", $"--net={PathOf(name)}", "true");
        _mounted.Add(name);
        return PathOf(name);
    }

    /// <summary>Starts a process inside.</summary>
    public void Enter(string name)
    {
        var process = Process.Start(new ProcessStartInfo("nsenter", [$"--net={PathOf(name)}", "sleep", "60"]))!;
        _processes.Add(process);
        // It is inside once it runs the program.
        Wait.Until(() => File.ReadAllText($"/proc/{process.Id}/comm").Trim() == "sleep", "the process");
    }

    /// <summary>Takes the namespace away, and leaves the file.</summary>
    public void Unmount(string name)
    {
        Command.Run("umount", PathOf(name));
        _mounted.Remove(name);
    }

    /// <summary>Takes the namespace away with its file.</summary>
    public void Remove(string name)
    {
        Unmount(name);
        File.Delete(PathOf(name));
    }

    /// <summary>Ends the processes inside.</summary>
    public void Leave()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        _processes.Clear();
    }

    public void Dispose()
    {
        Leave();
        foreach (var name in _mounted.ToArray())
            Unmount(name);
        _folder.Dispose();
    }
}
