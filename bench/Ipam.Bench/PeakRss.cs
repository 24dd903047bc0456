using System.Diagnostics;
using System.Globalization;

namespace Ipam.Bench;

/// <summary>The most memory a plugin's process has, as GNU time(1) sees it.</summary>
internal static class PeakRss
{
    public static string Of(Contender contender)
    {
        var info = new ProcessStartInfo("/usr/bin/time", ["-f", "%M", contender.Binary])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["CNI_COMMAND"] = "ADD";
        info.Environment["CNI_CONTAINERID"] = "rss";
        info.Environment["CNI_NETNS"] = "/var/run/netns/bench";
        info.Environment["CNI_IFNAME"] = "eth0";
        info.Environment["CNI_PATH"] = "/usr/lib/cni";
        using var process = Process.Start(info)!;
        process.StandardInput.Write(File.ReadAllText(contender.ConfigurationPath));
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        var kibibytes = process.StandardError.ReadToEnd().Trim().Split('\n')[^1];
        process.WaitForExit();
        return Table.Number(double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024);
    }
}
