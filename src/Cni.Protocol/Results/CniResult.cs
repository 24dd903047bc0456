using System.Text.Json;

namespace Cni.Protocol;

/// <summary>
/// What ADD answers (SPEC 1.1.0, section 5). One model for all versions; they differ only as JSON. An IPAM plugin's result has no
/// interfaces, and no interface in its addresses.
/// </summary>
public sealed record CniResult
{
    /// <summary>Interfaces, the host's and the container's.</summary>
    public IReadOnlyList<CniInterface> Interfaces { get; init; } = [];

    /// <summary>Addresses.</summary>
    public IReadOnlyList<CniIp> Ips { get; init; } = [];

    /// <summary>Routes.</summary>
    public IReadOnlyList<CniRoute> Routes { get; init; } = [];

    /// <summary>Name resolution.</summary>
    public CniDns Dns { get; init; } = CniDns.None;

    /// <summary>
    /// The result as a version has it, as UTF-8, indented by four spaces, without a final newline: the reference library's layout.
    /// What a version can't say is lost: below 1.0.0 an interface's mtu, socket path and PCI address; below 0.3.0 interfaces, all but
    /// the first address of each family, and routes of a family without address. Throws <see cref="CniException"/>: code 999 below 0.3.0
    /// without any address, code 1 for a version that isn't supported.
    /// </summary>
    public byte[] ToJson(CniVersion version)
    {
        var json = new JsonOutput(isIndented: true);
        json.StartObject();
        switch (CniResultFamilies.Of(version))
        {
            case CniResultFamily.V1:
                ResultWriterV1.Write(json, this, version);
                break;
            case CniResultFamily.V03:
                ResultWriterV03.Write(json, this, version);
                break;
            default:
                ResultWriterV01.Write(json, this, version);
                break;
        }
        json.EndObject();
        return json.ToArray();
    }

    /// <summary>
    /// Reads a result of any version, such as a delegate's stdout. Its own <c>cniVersion</c> decides how; without one it is taken for the
    /// configuration's. Throws <see cref="CniException"/>: code 6 when it can't be decoded, code 1 for a version that isn't supported.
    /// </summary>
    public static CniResult Parse(ReadOnlySpan<byte> json, CniVersion configVersion) => CniResultReader.Read(json, configVersion);

    /// <summary>Whether the bytes are one JSON object, as every result is, whatever is in it.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json) => StrictJson.IsObject(json);

    /// <summary>
    /// Reads <c>routes</c> of an object that isn't a result but has the same list, such as <c>ipam</c>. Empty when absent.
    /// Throws <see cref="CniException"/>, code 6, when it can't be decoded.
    /// </summary>
    public static IReadOnlyList<CniRoute> ReadRoutes(JsonElement parent) => CniResultReader.ReadRoutes(parent);

    /// <summary>Reads <c>dns</c> of such an object. Null when it gives nothing. Throws <see cref="CniException"/>, code 6, when it can't be decoded.</summary>
    public static CniDns? ReadDns(JsonElement parent) =>
        parent.GetObject("dns") is { } dns ? CniResultReader.ReadDns(dns, JsonSubject.Configuration) : null;
}
