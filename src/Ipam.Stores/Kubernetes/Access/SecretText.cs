using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>A token, or certificates or a key in PEM (RFC 7468), that a configuration has itself or names a file for. Files are small, and read anew each time.</summary>
internal sealed class SecretText
{
    private const int MostCharacters = 1 << 20;

    private readonly string? _path;
    private readonly string? _text;

    private SecretText(string origin, string? path, string? text) => (Origin, _path, _text) = (origin, path, text);

    /// <summary>Where it is from, for messages.</summary>
    public string Origin { get; }

    /// <summary>Whether someone may replace it while we run.</summary>
    public bool MayChange => _path is not null;

    /// <summary>One that doesn't change.</summary>
    public static SecretText Of(string origin, string text) => new(origin, null, text);

    /// <summary>One that is in a file.</summary>
    public static SecretText InFile(string origin, string path) => new(origin, path, null);

    /// <summary>The text as it is now.</summary>
    /// <exception cref="StoreException">The file can't be read.</exception>
    public string Read()
    {
        if (_text is not null)
            return _text;
        try
        {
            using var file = File.OpenRead(_path!);
            using var reader = new StreamReader(file);
            var text = new StringBuilder();
            Span<char> piece = stackalloc char[1024];
            while (reader.Read(piece) is > 0 and var count)
            {
                text.Append(piece[..count]);
                if (text.Length > MostCharacters)
                    throw new IOException($"it has more than {MostCharacters} characters");
            }
            return text.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the file {_path} can't be read: {e.Message}; {Origin} names it", e);
        }
    }

    /// <summary>All certificates in it.</summary>
    /// <exception cref="StoreException">The file can't be read, or there are none.</exception>
    public X509Certificate2Collection ReadCertificates()
    {
        var certificates = new X509Certificate2Collection();
        var pem = Read();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw Unusable(e.Message, e);
        }
        return certificates.Count > 0 ? certificates : throw Unusable("no certificate in PEM found");
    }

    /// <summary>What it says can't be used.</summary>
    public StoreException Unusable(string why, Exception? inner = null) =>
        new($"{Origin}{(_path is null ? "" : $" names {_path}, which")} can't be used: {why}; wanted is PEM, which begins with '-----BEGIN'", inner);
}
