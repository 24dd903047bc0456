using System.Text;

namespace Cni.Protocol.Tests;

/// <summary>Configurations as bytes.</summary>
internal static class Stdin
{
    public static readonly ConfigurationKey Socket = new("ipam", "socket");
    public static readonly ConfigurationKey Spool = new("ipam", "spool");
    public static readonly ConfigurationKey Domain = new("dns", "domain");

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    public static NetworkConfiguration Full(string json) => NetworkConfiguration.Parse(Bytes(json));

    /// <summary>A configuration with a name, a version and more members.</summary>
    public static NetworkConfiguration With(string members, string version = "1.1.0") =>
        Full($$"""{"cniVersion":"{{version}}","name":"net",{{members}}}""");
}
