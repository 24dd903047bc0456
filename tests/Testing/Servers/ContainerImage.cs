using System.Net.Sockets;

namespace Testing.Servers;

/// <summary>An image that tests run, as an environment variable names it.</summary>
public sealed class ContainerImage
{
    private static readonly TimeSpan PatienceForRegistry = TimeSpan.FromSeconds(3);

    private readonly Lazy<string?> _whyMissing;

    private ContainerImage(string variable, string? ordinary, string where)
    {
        Name = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } chosen ? chosen : ordinary ?? "";
        IsChosen = Name.Length > 0;
        _whyMissing = new Lazy<string?>(() => IsChosen ? FindObstacle() : $"needs an image; {where} sets {variable}");
    }

    /// <summary>A Redis server, or what speaks like one.</summary>
    public static ContainerImage Redis { get; } = new("IPAM_TEST_REDIS_IMAGE", "redis:7", "");

    public static ContainerImage Etcd { get; } = new("IPAM_TEST_ETCD_IMAGE", null, "eng/containers.sh makes one of KUBEBUILDER_ASSETS, and");

    public static ContainerImage ApiServer { get; } = new("IPAM_TEST_APISERVER_IMAGE", null, "eng/containers.sh makes one of KUBEBUILDER_ASSETS, and");

    /// <summary>K3s, in place of etcd and an API server.</summary>
    public static ContainerImage K3s { get; } = new("IPAM_TEST_K3S_IMAGE", null, "make matrix");

    /// <summary>Its name; empty if there is none.</summary>
    public string Name { get; }

    /// <summary>Whether there is one to run.</summary>
    public bool IsChosen { get; }

    /// <summary>Why it can't be run here; null if it can.</summary>
    public string? WhyMissing => _whyMissing.Value;

    private string? FindObstacle()
    {
        using var engine = ContainerEngine.Find();
        if (engine is null)
            return "needs a Docker-compatible engine at DOCKER_HOST or the usual socket; without Docker, eng/containers.sh starts one";
        return engine.Has(Name) || CanReach(Registry) ? null : $"no registry reachable: image {Name} isn't here";
    }

    // The part before the first slash if it looks like a host, as Docker has it.
    private string Registry => Name.Split('/') is [var host, _, ..] && (host.Contains('.', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal) || host == "localhost")
        ? host
        : "registry-1.docker.io";

    private static bool CanReach(string registry)
    {
        var (host, port) = registry.Split(':') is [var name, var number] ? (name, int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)) : (registry, 443);
        using var client = new TcpClient();
        try
        {
            return client.ConnectAsync(host, port).Wait(PatienceForRegistry);
        }
        catch (AggregateException e) when (e.InnerException is SocketException)
        {
            return false;
        }
    }
}
