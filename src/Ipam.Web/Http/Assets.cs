using System.Security.Cryptography;

namespace Ipam.Web.Http;

/// <summary>The style sheet and the script, which are part of the program.</summary>
internal sealed class Assets
{
    private readonly Dictionary<string, Asset> _files;

    public Assets() => _files = new Dictionary<string, Asset>(StringComparer.Ordinal)
    {
        ["ipam.css"] = Load("ipam.css", "text/css; charset=utf-8"),
        ["ipam.js"] = Load("ipam.js", "text/javascript; charset=utf-8"),
    };

    /// <summary>A file; null if there is none of this name.</summary>
    public Asset? Find(string name) => _files.GetValueOrDefault(name);

    private static Asset Load(string name, string type)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(content, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");
    }
}

/// <summary>A file of the site.</summary>
/// <param name="Content">What it has.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Tag">Its entity tag.</param>
internal sealed record Asset(byte[] Content, string Type, string Tag);
