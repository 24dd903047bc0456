namespace Ipam.Service.Tests.Support;

/// <summary>One ipamd for all tests of a class; each uses containers of its own.</summary>
public sealed class DaemonFixture : IAsyncLifetime
{
    internal TestDaemon Daemon { get; private set; } = null!;

    internal ServiceClient Client => Daemon.Client;

    public async Task InitializeAsync() => Daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await Daemon.DisposeAsync();
}
