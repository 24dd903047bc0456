using System.Security.Cryptography;
using System.Text;

namespace Ipam.Stores.Redis.Scripts;

/// <summary>A Lua script that the server runs as one, with nothing else in between.</summary>
internal sealed class Script
{
    /// <summary>Commits the changes of one space.</summary>
    public static readonly Script Commit = new("block", "commit") { Writes = true };

    /// <summary>Reads blocks.</summary>
    public static readonly Script Read = new("block", "read");

    /// <summary>Reads a page of a listing.</summary>
    public static readonly Script Page = new("block", "page");

    /// <summary>Finds the leases of an owner.</summary>
    public static readonly Script Find = new("find");

    /// <summary>Writes a leader's record.</summary>
    public static readonly Script Lead = new("lead") { Writes = true };

    /// <summary>Reads pools and reservations.</summary>
    public static readonly Script Catalog = new("catalog");

    /// <summary>Writes a pool or a reservation.</summary>
    public static readonly Script Put = new("revision", "put") { Writes = true };

    /// <summary>Deletes a pool or a reservation.</summary>
    public static readonly Script Delete = new("revision", "delete") { Writes = true };

    /// <summary>Reads the past of the store or of a space, and gives it an identity.</summary>
    public static readonly Script Past = new("past") { Writes = true };

    /// <summary>Sets one value if another one is as expected.</summary>
    public static readonly Script Replace = new("replace") { Writes = true };

    /// <summary>Writes or deletes the entry of a node or of a sticky owner, if another one is there as expected.</summary>
    public static readonly Script Entry = new("entry") { Writes = true };

    /// <summary>Whether it may change something.</summary>
    public bool Writes { get; private init; }

    private Script(params string[] files)
    {
        Text = string.Concat(files.Select(Load));
        // The server's name for a script is the SHA-1 of its text; nothing rests on it being hard to forge.
#pragma warning disable CA5350
        Sha = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Text)));
#pragma warning restore CA5350
    }

    /// <summary>The script itself.</summary>
    public string Text { get; }

    /// <summary>Its name on a server that has run it before.</summary>
    public string Sha { get; }

    /// <summary>The command on a line of the text, counted from 1; null if there is none.</summary>
    public string? CommandAt(int line)
    {
        const string call = "call('";
        var text = Text.Split('\n').ElementAtOrDefault(line - 1) ?? "";
        var start = text.IndexOf(call, StringComparison.Ordinal) + call.Length;
        return start < call.Length ? null : text[start..text.IndexOf('\'', start)];
    }

    /// <summary>Without what only people read: a server that doesn't know the script yet is sent all of it. The lines stay, as errors name them.</summary>
    private static string Load(string file)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream($"{file}.lua")!;
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Select(static line => line.TrimStart()).Select(static line => line.StartsWith("--", StringComparison.Ordinal) ? "" : line));
    }
}
