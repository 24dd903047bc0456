namespace Ipam.Service.Tests.Support;

/// <summary>A file system of its own that is easily filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Mount _mount;

    public SmallDisk() => _mount = Mount.Small(_folder.Path, kilobytes: 1024);

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
        _mount.Dispose();
        _folder.Dispose();
    }
}
