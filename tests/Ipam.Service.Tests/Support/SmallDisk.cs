namespace Ipam.Service.Tests.Support;

/// <summary>A file system of its own that is easily filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    public SmallDisk() => Command.Run("mount", "-t", "tmpfs", "-o", "size=1m", "ipamd-test", _folder.Path);

    public string Combine(string name) => _folder.Combine(name);

    public void Fill()
    {
        using var file = File.OpenWrite(Combine("filler"));
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void MakeRoom() => File.Delete(Combine("filler"));

    public void Dispose()
    {
        Command.Run("umount", _folder.Path);
        _folder.Dispose();
    }
}
