using System.Diagnostics;
using System.Globalization;

namespace Ipam.Bench;

/// <summary>The most memory a plugin's process has, as GNU time(1) sees it.</summary>
internal static class PeakRss
{
    public static string Of(Contender contender) => Of(contender.Binary, contender.ConfigurationPath,
    [
        "CNI_COMMAND=ADD", "CNI_CONTAINERID=rss", "CNI_NETNS=/var/run/netns/bench", "CNI_IFNAME=eth0", "CNI_PATH=/usr/lib/cni",
    ]);

    /// <summary>The same for any plugin and request.</summary>
    public static string Of(string binary, string configurationPath, IEnumerable<string> environment)
    {
        var info = new ProcessStartInfo("/usr/bin/time", ["-f", "%M", binary])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in environment)
            info.Environment[variable[..variable.IndexOf('=')]] = variable[(variable.IndexOf('=') + 1)..];
        using var process = Process.Start(info)!;
        process.StandardInput.Write(File.ReadAllText(configurationPath));
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        var kibibytes = process.StandardError.ReadToEnd().Trim().Split('\n')[^1];
        process.WaitForExit();
        return Table.Number(double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024);
    }
}
