using System.Text;
using Cni.Protocol;
using Ipam.Configuration.Reading;

namespace Ipam.Configuration.Tests.Reading;

/// <summary>A configuration that carries something of each container's own is read anew for each ADD; what that allocates is a good part of what it costs.</summary>
public sealed class AllocatedBytesTests
{
    private const int Rounds = 1000;
    private const int MostPerRequest = 15_000;

    [Fact]
    public void Reading_a_dual_stack_configuration_allocates_little()
    {
        var bytes = Encoding.UTF8.GetBytes(NetworkJson.Text(
            """
            "ranges": [[{ "subnet": "10.1.0.0/16" }], [{ "subnet": "fd00:1::/64" }]], "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }],
            "socket": "/run/ipam/ipamd.sock", "spool": "/var/lib/ipam/spool"
            """,
            """
            "isGateway": true, "ipMasq": true, "capabilities": { "ips": true, "portMappings": true }, "runtimeConfig": { "portMappings": [] }
            """));
        Read(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            Read(bytes);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Rounds, 1, MostPerRequest);
    }

    private static void Read(byte[] bytes) => IpamConfigurationReader.Read(NetworkConfiguration.Parse(bytes));
}
