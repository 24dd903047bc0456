namespace EndToEnd.Support.Stores;

/// <summary>A file that the nodes of one machine share.</summary>
internal sealed class SqliteStoreServer : StoreServer
{
    private readonly TempFolder _folder = new();

    public override int? Port => null;

    public override string Url(int? port = null) => $"sqlite:{Database}";

    public override Task SaveAsync() => Task.FromResult(Command.Run("sqlite3", Database, $".backup {Copy}"));

    public override Task RestoreAsync()
    {
        File.Copy(Copy, $"{Copy}.new");
        File.Move($"{Copy}.new", Database, overwrite: true);
        return EmptyAsync();
    }

    /// <summary>What is not yet in the database itself goes with its log.</summary>
    public override Task EmptyAsync()
    {
        File.Delete($"{Database}-wal");
        File.Delete($"{Database}-shm");
        return Task.CompletedTask;
    }

    private string Database => _folder.Combine("ipam.db");

    private string Copy => _folder.Combine("copy.db");

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
