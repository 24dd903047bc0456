namespace EndToEnd.Support;

/// <summary>One service for all tests of a class; each of them works in a space of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private Ipamd? _ipamd;

    internal Site Site { get; } = new();

    internal Ipamd Ipamd => _ipamd!;

    public async Task InitializeAsync() => _ipamd = await Ipamd.StartAsync(Site);

    public async Task DisposeAsync()
    {
        await Ipamd.DisposeAsync();
        Site.Dispose();
    }
}
