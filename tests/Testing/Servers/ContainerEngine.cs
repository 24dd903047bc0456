using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using Microsoft.Extensions.Logging.Abstractions;

namespace Testing.Servers;

/// <summary>
/// The Docker-compatible engine at DOCKER_HOST or the usual socket. What it runs for us bears labels with this machine and process, and is
/// removed by whoever started it; what a killed process left is removed by the next one.
/// </summary>
public sealed class ContainerEngine : IDisposable
{
    private const string Machine = "dev.ipamsuite.tests.machine";
    private const string Owner = "dev.ipamsuite.tests.process";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceForImages = TimeSpan.FromMinutes(5);

    private readonly DockerClient _client;

    private ContainerEngine(IDockerEndpointAuthenticationConfiguration endpoint) =>
        _client = endpoint.GetDockerClientBuilder(Guid.Empty).WithTimeout(Patience).Build();

    /// <summary>The engine; null if none answers.</summary>
    public static ContainerEngine? Find()
    {
        if (TestcontainersSettings.OS?.DockerEndpointAuthConfig is not { } endpoint)
            return null;
        var engine = new ContainerEngine(endpoint);
        try
        {
            engine._client.System.PingAsync().WaitAsync(Patience).GetAwaiter().GetResult();
            return engine;
        }
        catch (Exception e) when (e is HttpRequestException or DockerApiException or TimeoutException or IOException or OperationCanceledException)
        {
            engine.Dispose();
            return null;
        }
    }

    /// <summary>Whether it has an image, so that none is pulled.</summary>
    public bool Has(string image)
    {
        try
        {
            _client.Images.InspectImageAsync(image).GetAwaiter().GetResult();
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    /// <summary>A container as all of ours are.</summary>
    public static TBuilder Ours<TBuilder, TContainer, TConfiguration>(ContainerBuilder<TBuilder, TContainer, TConfiguration> builder)
        where TBuilder : ContainerBuilder<TBuilder, TContainer, TConfiguration>
        where TContainer : IContainer
        where TConfiguration : IContainerConfiguration =>
        builder.WithImagePullPolicy(PullPolicy.Missing).WithLogger(NullLogger.Instance)
            .WithLabel(Machine, Environment.MachineName).WithLabel(Owner, Identity($"{Environment.ProcessId}"));

    /// <summary>Starts a container and waits until it is ready; fails with its log.</summary>
    public async Task StartAsync(IContainer container)
    {
        await RemoveLeftoversAsync();
        using var limit = new CancellationTokenSource(Has(container.Image.FullName) ? Patience : PatienceForImages);
        try
        {
            await container.StartAsync(limit.Token);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            throw new InvalidOperationException($"a container of {container.Image.FullName} doesn't start: {e.Message}\n{await LogAsync(container)}", e);
        }
    }

    /// <summary>What it printed.</summary>
    public static async Task<string> LogAsync(IContainer container)
    {
        if (container.State == TestcontainersStates.Undefined)
            return "it wasn't created";
        var (output, errors) = await container.GetLogsAsync();
        return output + errors;
    }

    public void Dispose() => _client.Dispose();

    private async Task RemoveLeftoversAsync()
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"{Machine}={Environment.MachineName}"] = true } };
        foreach (var left in await _client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }))
        {
            if (Identity(left.Labels[Owner].Split('.')[0]) != left.Labels[Owner])
                await _client.Containers.RemoveContainerAsync(left.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        }
    }

    // A process by its number and the moment it began, which no later one shares; empty if there is none.
    private static string Identity(string number) => File.Exists($"/proc/{number}/stat")
        ? $"{number}.{File.ReadAllText($"/proc/{number}/stat").Split(')')[^1].Split(' ')[20]}"
        : "";
}
