using System.Globalization;
using System.Text;
using Cni.Protocol;

namespace Ipam.Service.Hosting;

/// <summary>The limit of open files (getrlimit(2), RLIMIT_NOFILE). Below some hundreds the runtime can't even load its own parts, and dies without saying why.</summary>
internal static class OpenFiles
{
    private const int Fewest = 512;

    /// <summary>The file has some 16 lines of 80 bytes.</summary>
    private const int MostBytes = 4096;

    /// <summary>What is wrong with the limit, and what to do; null if nothing is. Needs next to no files itself.</summary>
    public static string? Problem()
    {
        try
        {
            foreach (var line in Encoding.ASCII.GetString(KernelFile.ReadStart("/proc/self/limits", stackalloc byte[MostBytes])).Split('\n'))
            {
                if (line.StartsWith("Max open files", StringComparison.Ordinal)
                    && int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most < Fewest)
                    return $"it may open {most} files, and needs {Fewest} or more: raise LimitNOFILE= in the unit, or 'ulimit -n'";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A host without /proc has no limit to be read; then the runtime's own words must do.
        }
        return null;
    }
}
