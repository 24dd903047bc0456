namespace EndToEnd.Support.Stores;

/// <summary>A file that the nodes of one machine share.</summary>
internal sealed class SqliteStoreServer : StoreServer
{
    private readonly TempFolder _folder = new();

    public override int? Port => null;

    public override string Url(int? port = null) => $"sqlite:{_folder.Combine("ipam.db")}";

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
