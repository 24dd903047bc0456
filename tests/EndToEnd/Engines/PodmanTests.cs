using System.Globalization;
using EndToEnd.Support;

namespace EndToEnd.Engines;

/// <summary>A container engine that nobody here wrote, on the network that docs/runtimes.md has: of net-ptp, ipam and Debian's portmap.</summary>
public sealed class PodmanTests(ServiceFixture service) : WholeMachineTests, IClassFixture<ServiceFixture>
{
    private const string Network = "pods";
    private const int HostPort = 18080;

    private Site Site => service.Site;

    private string Conflist => RepositoryRoot.Read("docs/runtimes.md").Split("```json\n")[1].Split("```")[0]
        .Replace("\"type\": \"ipam\",", $"\"type\": \"ipam\", \"socket\": \"{Site.Socket}\", \"spool\": \"{Site.Spool}\",", StringComparison.Ordinal);

    [RequiresPodmanFact]
    public void Containers_reach_each_other_and_are_reached_from_outside_and_their_removal_frees_all()
    {
        using var podman = new Podman();
        using var outside = ConnectOutside(podman.Host);
        podman.AddNetwork(Network, Conflist);
        podman.StartServer("one", "--network", Network, "--publish", $"{HostPort}:80");
        podman.StartServer("two", "--network", Network);

        Assert.Equal(["10.87.0.2", "10.87.0.3", "fd00:87::2", "fd00:87::3"], Leases().Order());
        Assert.Contains("inet 10.87.0.2/24 ", podman.Exec("one", "ip", "address", "show", "dev", "eth0"), StringComparison.Ordinal);
        Assert.Equal("two\n", podman.Exec("one", "wget", "-q", "-O", "-", "http://10.87.0.3/"));
        Assert.Equal("one\n", podman.Exec("two", "wget", "-q", "-O", "-", "http://[fd00:87::2]/"));
        Assert.Equal("one\n", outside.Run("curl", "-sS", "--max-time", "10", $"http://203.0.113.1:{HostPort}/"));
        podman.Exec("two", "ping", "-c", "1", "-w", "10", "203.0.113.2");
        Assert.Equal(4, Rules(podman, "masquerade comment").Count);

        podman.Restart("one");
        Assert.Equal(4, Leases().Count);
        Assert.Equal("one\n", outside.Run("curl", "-sS", "--max-time", "10", $"http://203.0.113.1:{HostPort}/"));

        podman.Remove("one");
        podman.Remove("two");
        Assert.Empty(Leases());
        Assert.Empty(Rules(podman, "masquerade comment"));
        Assert.Empty(Rules(podman, HostPort.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(["lo", "uplink"], Links(podman.Host).Order());
    }

    // The world knows the host, not the containers.
    private static NetworkNamespace ConnectOutside(NetworkNamespace host)
    {
        var outside = NetworkNamespace.Create();
        host.Run("ip", "link", "add", "uplink", "type", "veth", "peer", "name", "eth0", "netns", Path.GetFileName(outside.Path));
        host.Run("ip", "link", "set", "uplink", "up");
        host.Run("ip", "address", "add", "203.0.113.1/24", "dev", "uplink");
        outside.Run("ip", "link", "set", "eth0", "up");
        outside.Run("ip", "address", "add", "203.0.113.2/24", "dev", "eth0");
        return outside;
    }

    private IReadOnlyList<string> Leases() => Ipamctl.Addresses(Site, new NetworkConfig(Network));

    private static List<string> Rules(Podman podman, string text) =>
        [.. podman.Host.Run("nft", "list", "ruleset").Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal))];

    private static IEnumerable<string> Links(NetworkNamespace host) =>
        JsonText.Parse(host.Run("ip", "-j", "link")).EnumerateArray().Select(link => link.GetProperty("ifname").GetString()!);
}
