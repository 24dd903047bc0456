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
        var info = Measured(binary);
        info.RedirectStandardInput = true;
        foreach (var variable in environment)
            info.Environment[variable[..variable.IndexOf('=')]] = variable[(variable.IndexOf('=') + 1)..];
        using var process = Process.Start(info)!;
        process.StandardInput.Write(File.ReadAllText(configurationPath));
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return Table.Number(MiBIn(error));
    }

    /// <summary>A command line under GNU time, which writes what <see cref="MiBIn"/> reads to the end of standard error.</summary>
    public static ProcessStartInfo Measured(string binary, params string[] arguments) =>
        new("/usr/bin/time", ["-f", "%M", binary, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>What GNU time wrote to the end of standard error, in MiB.</summary>
    public static double MiBIn(string error) => double.Parse(error.Trim().Split('\n')[^1], CultureInfo.InvariantCulture) / 1024;
}
