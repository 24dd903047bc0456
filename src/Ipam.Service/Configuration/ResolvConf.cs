using System.Text;
using Cni.Protocol;
using Ipam.Configuration.Keys;
using IpamSuite.Shared;

namespace Ipam.Service.Configuration;

/// <summary>Reads a resolver's configuration; see resolv.conf(5).</summary>
internal static class ResolvConf
{
    /// <summary>Far more than a resolver reads.</summary>
    private const int MostBytes = 64 << 10;

    /// <summary>Reads the file, on another thread: its disk may hang. Throws <see cref="CniException"/>, code 7, if it can't be read.</summary>
    public static Task<CniDns> ReadAsync(string path, CancellationToken cancellationToken) => DiskWork.RunAsync(() => Read(path), cancellationToken);

    private static CniDns Read(string path)
    {
        try
        {
            return Parse(Encoding.UTF8.GetString(UnixFile.Read(path, MostBytes, followLink: true)).Split('\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw InvalidConfiguration.Because(
                $"ipam: resolvConf \"{path}\" can't be read: {e.Message}", "ipamd reads it, on the node and in the container that it runs in");
        }
    }

    /// <summary>The last <c>domain</c> wins; <c>search</c> and <c>options</c> add up over lines.</summary>
    public static CniDns Parse(IEnumerable<string> lines)
    {
        var domain = "";
        List<string> nameservers = [], search = [], options = [];
        foreach (var line in lines)
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2 || fields[0][0] is '#' or ';')
                continue;
            switch (fields[0])
            {
                case "nameserver":
                    nameservers.Add(fields[1]);
                    break;
                case "domain":
                    domain = fields[1];
                    break;
                case "search":
                    search.AddRange(fields[1..]);
                    break;
                case "options":
                    options.AddRange(fields[1..]);
                    break;
            }
        }
        return new CniDns { Nameservers = nameservers, Domain = domain, Search = search, Options = options };
    }
}
