using System.Text;
using Cni.Protocol;

namespace Ipam.Configuration.Tests.Support;

/// <summary>Network configurations as a plugin reads them.</summary>
internal static class ParsedNetwork
{
    public static NetworkConfiguration Of(string? ipam, string more = "", string version = "1.1.0") =>
        NetworkConfiguration.Parse(Encoding.UTF8.GetBytes(NetworkJson.Text(ipam, more, version)));
}
