using System.Security.Cryptography;
using System.Text;

namespace Ipam.Cli.Commands.Installation;

/// <summary>
/// A conflist's place in a runtime's folder. A hidden file beside it remembers what an installer put there, so that nobody else's file is ever replaced
/// or removed: not one that was there before, and not ours once somebody changed it.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="name">The conflist's name.</param>
internal sealed class ConflistPlace(string folder, string name)
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const string RecordExtension = ".ipamsuite";

    private readonly Placement _place = new(folder, name, Everybody);
    private readonly Placement _record = new(folder, $".{name}{RecordExtension}", Everybody);

    /// <summary>The conflist's name.</summary>
    public string Name => name;

    /// <summary>All places of a folder where an installer put something.</summary>
    public static IReadOnlyList<ConflistPlace> AllIn(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, $".*{RecordExtension}").Select(path => new ConflistPlace(folder, Path.GetFileName(path)[1..^RecordExtension.Length]))]
        : [];

    /// <summary>Whether just this is there.</summary>
    public bool Has(byte[] content) => _place.Has(content);

    /// <summary>Whether somebody else has put something there.</summary>
    public bool IsSomebodyElses() => _place.Read() is { } there && !Remembered().Contains(Digest(there));

    /// <summary>Puts it there, whatever is there.</summary>
    public void Put(byte[] content)
    {
        // First, and beside what it remembers of what is there now: whoever is killed in between leaves a conflist that is remembered.
        var digests = _place.Read() is { } there && Remembered().Contains(Digest(there)) ? [Digest(content), Digest(there)] : new[] { Digest(content) };
        _record.Put(Encoding.ASCII.GetBytes(string.Join('\n', digests.Distinct()) + '\n'), static _ => { });
        _place.Put(content, static _ => { });
    }

    /// <summary>Takes away what an installer put there; false if it is somebody else's by now.</summary>
    public bool Remove()
    {
        if (IsSomebodyElses())
            return false;
        _place.Remove();
        _record.Remove();
        return true;
    }

    /// <summary>See <see cref="Placement.CleanUp"/>.</summary>
    public void CleanUp(DateTimeOffset now)
    {
        _place.CleanUp(now);
        _record.CleanUp(now);
    }

    private HashSet<string> Remembered() => _record.Read() is { } record ? [.. Encoding.ASCII.GetString(record).Split('\n')] : [];

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
