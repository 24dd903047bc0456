using System.Globalization;
using Xunit.Abstractions;

namespace Ipam.Stores.Tests.Leadership;

/// <summary>Who leads, among processes that are killed, paused, cut off and stopped. ROUNDS says how often; by default a few times.</summary>
public abstract class ElectionTests(ITestOutputHelper output)
{
    /// <summary>Shorter than a leader's, so that a round takes a few seconds. For many rounds there is time, and the machine's load matters less in it.</summary>
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(2);

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : 4;

    private protected async Task PlayAsync(string url)
    {
        await using var store = StoreFactory.Create(url, TimeProvider.System);
        await store.OpenAsync(default);
        using var election = new Election(url, store, Term);
        output.WriteLine($"{store.Description}: {await election.PlayAsync(Rounds)}");
    }
}

[Trait("Category", "Leadership")]
public sealed class SqliteElectionTests(ITestOutputHelper output) : ElectionTests(output), IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task On_a_file_never_two_lead_at_once_and_the_lead_is_never_free_for_long() => PlayAsync($"sqlite:{_folder.Combine("ipam.db")}");
}

[Trait("Category", "Leadership")]
public sealed class RedisElectionTests(ITestOutputHelper output) : ElectionTests(output)
{
    [RequiresFact("redis-server")]
    public async Task On_a_Redis_server_never_two_lead_at_once_and_the_lead_is_never_free_for_long()
    {
        using var server = await RedisServer.StartNewAsync();
        await PlayAsync($"redis://127.0.0.1:{server.Port}/0");
    }
}

[Trait("Category", "Leadership")]
[NeedsControlPlane]
public sealed class KubernetesElectionTests(ControlPlane plane, ITestOutputHelper output) : ElectionTests(output), IClassFixture<ControlPlane>
{
    [Fact]
    public Task On_an_API_server_never_two_lead_at_once_and_the_lead_is_never_free_for_long() => PlayAsync($"kubernetes:{plane.Kubeconfig()}");
}
