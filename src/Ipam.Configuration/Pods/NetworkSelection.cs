using System.Globalization;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Pods;

/// <summary>
/// The networks that a pod wants beside the cluster's (<see cref="ObjectFacts.NetworksAnnotation"/>), as far as they name claims. Which of them an attachment is for, Multus doesn't say: its
/// interface does, and its network's name as far as the NetworkAttachmentDefinition has the same.
/// </summary>
internal sealed class NetworkSelection
{
    private const string ReferenceKey = "ipam-claim-reference";

    /// <summary>The interface of the cluster's own network, which is in no such list unless it is named.</summary>
    private const string ClustersInterface = "eth0";

    private readonly List<Element> _elements;
    private readonly string _whose;

    private NetworkSelection(List<Element> elements, string whose) => (_elements, _whose) = (elements, whose);

    /// <summary>Reads the annotation.</summary>
    /// <param name="text">What it says: names with commas between them, which can name no claims, or JSON.</param>
    /// <param name="whose">What has it, for messages.</param>
    /// <exception cref="CniException">It can't be read (code 101).</exception>
    public static NetworkSelection Read(string text, string whose)
    {
        var selection = new NetworkSelection([], whose);
        // The rule by which Multus tells the two forms apart.
        if (text.AsSpan().ContainsAny("[{\""))
            selection.Read(text);
        return selection;
    }

    /// <summary>The name of the claim for an attachment; null if there is none.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="interfaceName">The interface; null if it isn't known.</param>
    /// <exception cref="CniException">There are several that it may be (code 101), or what is there can't be a claim's name.</exception>
    public string? ClaimFor(string network, string? interfaceName)
    {
        var candidates = interfaceName is null ? OneOf(_elements.FindAll(element => element.Name == network), _elements.FindAll(static element => element.Claim is not null)) : Candidates(network, interfaceName);
        var names = candidates.Select(static element => element.Claim).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
            return null;
        if (names.Length > 1 || candidates.Exists(static element => element.Claim is null))
        {
            throw Refused(
                $"may mean {string.Join(", ", names)}{(names.Length > 1 ? "" : " or no claim")} for network {network}{(interfaceName is null ? "" : $", interface {interfaceName}")}",
                "give each of its elements an \"interface\"");
        }
        return StickyOwner.Check(names[0]) is { } problem ? throw Refused($"has the {ReferenceKey} {problem}", "name an IPAMClaim of the pod's namespace") : names[0];
    }

    /// <summary>Those that name the interface. Else those that leave the name to Multus, which counts: the first one gets net1.</summary>
    private List<Element> Candidates(string network, string interfaceName)
    {
        if (_elements.FindAll(element => element.InterfaceName == interfaceName) is { Count: > 0 } named)
            return named;
        if (interfaceName == ClustersInterface)
            return [];
        var others = _elements.FindAll(static element => element.InterfaceName.Length == 0);
        var sameNetwork = others.FindAll(element => element.Name == network);
        return OneOf(sameNetwork.Count == 1 ? sameNetwork : (sameNetwork.Count > 0 ? sameNetwork : others).FindAll(element => element.UsualInterface == interfaceName), sameNetwork);
    }

    private static List<Element> OneOf(List<Element> first, List<Element> second) => first.Count > 0 ? first : second;

    private void Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Array)
                throw Refused("is no list of networks", "write [{\"name\": …}, …]");
            foreach (var element in json.RootElement.EnumerateArray())
                _elements.Add(new Element(_elements.Count + 1, Text(element, "name") ?? "", Text(element, "interface") ?? "", Text(element, ReferenceKey)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Refused($"can't be read: {e.Message}", "correct it");
        }
    }

    private string? Text(JsonElement element, string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
        ? value.ValueKind == JsonValueKind.String ? (value.GetString() is { Length: > 0 } text ? text : null) : throw Refused($"has an element whose {key} is no text", "correct it")
        : null;

    private CniException Refused(string what, string advice) => new(IpamErrorCode.RequestRefused, $"the annotation {ObjectFacts.NetworksAnnotation} of {_whose} {what}", advice);

    /// <param name="Place">Which one of the list it is, from 1.</param>
    /// <param name="Name">The name of the NetworkAttachmentDefinition.</param>
    /// <param name="InterfaceName">The interface; empty if it doesn't say one.</param>
    /// <param name="Claim">The name of the claim; null for none.</param>
    private sealed record Element(int Place, string Name, string InterfaceName, string? Claim)
    {
        public string UsualInterface => string.Create(CultureInfo.InvariantCulture, $"net{Place}");
    }
}
