namespace Testing;

/// <summary>A folder of its own for one test, removed in the end. Its path is short enough for sockets in it.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ipam-test-").FullName;

    /// <summary>The path of something in it.</summary>
    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file in it; returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(Combine(name), text);
        return Combine(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
