using Ipam.Core.Addresses;

namespace Ipam.Service.Http;

/// <summary>Which addresses of an answer the plugin needn't ask the wire for, as a machine that moves has had them: <c>10.1.2.3</c>, several with commas between them.</summary>
internal static class MovedHeader
{
    public const string Name = "IPAM-Moved";

    /// <summary>Writes it, if there are any.</summary>
    public static void Write(IHeaderDictionary headers, IReadOnlyCollection<Address> addresses)
    {
        if (addresses.Count > 0)
            headers[Name] = string.Join(',', addresses);
    }
}
