namespace Ipam.Cli.Commands.Installation;

/// <summary>The files of a host, seen through the folder where its root is mounted. A link leads to where it leads on the host.</summary>
/// <param name="folder">That folder; <c>/</c> on the host itself.</param>
internal sealed class HostRoot(string folder)
{
    /// <summary>As many as the kernel follows (path_resolution(7)).</summary>
    private const int MostLinks = 40;

    /// <summary>Where a path of the host is found here. What isn't there yet is found where it will be.</summary>
    /// <exception cref="IOException">Its links lead in a circle.</exception>
    public string PathOf(string path)
    {
        var ahead = new Stack<string>(PartsOf(path).Reverse());
        var passed = new List<string>();
        var links = 0;
        while (ahead.TryPop(out var part))
        {
            if (part == "..")
                passed.RemoveRange(Math.Max(passed.Count - 1, 0), Math.Min(passed.Count, 1));
            else if (LinkTarget([.. passed, part]) is not { } target)
                passed.Add(part);
            else if (++links > MostLinks)
                throw new IOException($"{path}: its links lead in a circle");
            else
                Follow(target);
        }
        return Here(passed);

        void Follow(string target)
        {
            if (target.StartsWith('/'))
                passed.Clear();
            foreach (var part in PartsOf(target).Reverse())
                ahead.Push(part);
        }
    }

    private static IEnumerable<string> PartsOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".");

    private string? LinkTarget(IEnumerable<string> parts) => new FileInfo(Here(parts)).LinkTarget;

    private string Here(IEnumerable<string> parts) => Path.Combine([folder, .. parts]);
}
