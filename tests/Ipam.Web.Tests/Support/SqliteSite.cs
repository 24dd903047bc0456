namespace Ipam.Web.Tests.Support;

/// <summary>A site on a file with the sample content, shared by the tests of a class.</summary>
public sealed class SqliteSite : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();

    internal RunningSite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var path = _folder.Combine("ipam.db");
        await using (var store = await StoreContent.OpenAsync(path))
            await SampleContent.FillAsync(store);
        Site = await RunningSite.StartAsync($"sqlite:{path}");
    }

    public async Task DisposeAsync() => await Site.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
