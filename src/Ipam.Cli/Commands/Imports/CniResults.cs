using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Imports;

/// <summary>
/// What libcni, the library of the runtimes, remembers of each attachment in a file: who it is, and the result of its ADD. A runtime that was killed leaves files behind, so they
/// say who an address belongs to, but not that it is in use.
/// </summary>
internal sealed class CniResults
{
    private const string KindOfFile = "cniCacheV1";
    private const int MostBytes = 1 << 20;
    private const int MostFiles = 1 << 20;

    private readonly ILookup<Address, CniAttachment> _attachments;

    private CniResults(IEnumerable<CniAttachment> attachments) =>
        _attachments = attachments.SelectMany(static one => one.Addresses.Select(address => (address, one))).ToLookup(static pair => pair.address, static pair => pair.one);

    /// <summary>Reads a folder; there is nothing in one that isn't there.</summary>
    /// <param name="folder">The folder, such as <c>/var/lib/cni/results</c>.</param>
    /// <param name="unreadable">Is told of a file that can't be read, and why.</param>
    public static CniResults Read(string folder, Action<string> unreadable)
    {
        var found = new List<CniAttachment>();
        IEnumerable<string> files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Take(MostFiles).Order(StringComparer.Ordinal) : [];
        foreach (var file in files)
        {
            try
            {
                using var json = JsonDocument.Parse(UnixFile.Read(file, MostBytes, followLink: false));
                if (Attachment(json.RootElement) is { } attachment)
                    found.Add(attachment);
            }
            catch (FileNotFoundException)
            {
                // The attachment is gone since.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or InvalidOperationException)
            {
                unreadable($"{file} can't be read, and says nothing of who has an address: {e.Message}");
            }
        }
        return new CniResults(found);
    }

    /// <summary>The one attachment that was given an address on this interface, in this namespace if that is remembered; null if there is none, or more than one.</summary>
    public CniAttachment? Of(Address address, string interfaceName, Func<string, bool> isNamespace)
    {
        var all = _attachments[address].Where(attachment => attachment.Owner.InterfaceName == interfaceName).ToList();
        var sure = all.Where(attachment => attachment.Namespace.Length > 0 && isNamespace(attachment.Namespace)).ToList();
        return sure.Count == 1 ? sure[0] : all is [{ Namespace: "" } only] ? only : null;
    }

    private static CniAttachment? Attachment(JsonElement json)
    {
        if (Text(json, "kind") != KindOfFile || !json.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object)
            return null;
        var owner = new Owner(Text(json, "networkName"), Text(json, "containerId"), Text(json, "ifName"));
        var args = json.TryGetProperty("cniArgs", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(IsPair).ToList() : [];
        string Arg(string key) => args.Find(pair => pair[0].GetString() == key) is { ValueKind: JsonValueKind.Array } pair ? pair[1].GetString()! : "";
        var pod = Arg("K8S_POD_NAME") is { Length: > 0 } name ? new PodReference(Arg("K8S_POD_NAMESPACE"), name, Arg("K8S_POD_UID")) : null;
        var sandbox = Items(result, "interfaces").Select(static one => Text(one, "sandbox")).FirstOrDefault(static path => path.Length > 0);
        return owner is { Network.Length: > 0, ContainerId.Length: > 0, InterfaceName.Length: > 0 }
            ? new CniAttachment(owner, pod, Text(json, "netns") is { Length: > 0 } path ? path : sandbox ?? "", [.. AddressesOf(result)])
            : null;
    }

    /// <summary>Of results before version 0.3.0, too.</summary>
    private static IEnumerable<Address> AddressesOf(JsonElement result)
    {
        var texts = Items(result, "ips").Select(static ip => Text(ip, "address"));
        foreach (var family in (string[])["ip4", "ip6"])
        {
            if (result.TryGetProperty(family, out var one))
                texts = texts.Append(Text(one, "ip"));
        }
        foreach (var text in texts)
        {
            if (Prefix.TryParse(text, out var prefix))
                yield return prefix.Address;
        }
    }

    private static bool IsPair(JsonElement pair) => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair.EnumerateArray().All(static text => text.ValueKind == JsonValueKind.String);

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string key) =>
        json.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string Text(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>What libcni remembers of an attachment.</summary>
/// <param name="Owner">Who it is.</param>
/// <param name="Pod">Its pod, if the runtime named one.</param>
/// <param name="Namespace">The path of its network namespace; empty if it isn't remembered.</param>
/// <param name="Addresses">The addresses that it was given.</param>
internal sealed record CniAttachment(Owner Owner, PodReference? Pod, string Namespace, IReadOnlyList<Address> Addresses);
