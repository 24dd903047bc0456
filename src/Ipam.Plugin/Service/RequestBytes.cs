using System.Globalization;
using System.Text;
using Cni.Protocol;

namespace Ipam.Plugin.Service;

/// <summary>
/// The bytes of a call: HTTP/1.1, the CNI_* variables as headers of the same names, stdin as the body. IPAM-Asked says when it was asked for, if that
/// was earlier; IPAM-Namespace, which network namespace CNI_NETNS leads to; IPAM-Conflicts, which addresses of the answer before are in use on the wire, and by whom.
/// </summary>
internal static class RequestBytes
{
    public static byte[] Of(string path, PluginRequest request, IReadOnlyList<AddressInUse> inUse)
    {
        var environment = request.Environment;
        var head = new StringBuilder(1024)
            .Append("POST ").Append(path).Append(" HTTP/1.1\r\nHost: ipamd\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ")
            .Append(request.Stdin.Length.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
        AppendHeader(head, CniVariable.ContainerId, environment.ContainerId);
        AppendHeader(head, CniVariable.NetNs, environment.NetNs);
        AppendHeader(head, CniVariable.IfName, environment.IfName);
        AppendHeader(head, CniVariable.Args, environment.Args);
        AppendHeader(head, "IPAM-Asked", request.Asked?.ToString() ?? "");
        AppendHeader(head, "IPAM-Namespace", request.Namespace.ToString());
        AppendHeader(head, "IPAM-Conflicts", Listed(inUse));
        head.Append("\r\n");

        var bytes = new byte[head.Length + request.Stdin.Length];
        Encoding.ASCII.GetBytes(head.ToString(), bytes);
        request.Stdin.Span.CopyTo(bytes.AsSpan(head.Length));
        return bytes;
    }

    private static string Listed(IReadOnlyList<AddressInUse> inUse)
    {
        var text = "";
        foreach (var one in inUse)
            text += $"{(text.Length > 0 ? "," : "")}{one.Address}={one.AnsweredBy}";
        return text;
    }

    /// <summary>Percent-encodes what can't be in a header (RFC 3986, section 2.1), so that no value can forge one.</summary>
    private static void AppendHeader(StringBuilder head, string name, string value)
    {
        if (value.Length == 0)
            return;
        head.Append(name).Append(": ");
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (b is > 0x20 and < 0x7f and not (byte)'%')
                head.Append((char)b);
            else
                head.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
        head.Append("\r\n");
    }
}
