using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary>The options that say what a pool is. They become a pool's document, so that only one place reads pools.</summary>
internal sealed class PoolOptions
{
    private readonly Option<string[]> _ranges = Ranges(
        "A range, with rangeStart, rangeEnd, gateway or exclude (once per address, FIRST-LAST or CIDR) if they aren't the subnet's usual ones, skipEdges=true or allowOutside=true. May be repeated; in order of preference.");

    private readonly Option<string> _space = SpaceOption.ForNew();

    private readonly Option<string> _order = OneOf("--order", "How addresses are chosen. [otherwise: next]", "next", "lowest", "random");

    private readonly Option<string> _affinity = OneOf(
        "--affinity", "Whether nodes keep to blocks of their own. [otherwise: what suits the store]", "node", "none");

    private readonly Option<bool> _strict = new("--strict") { Description = "With --affinity node: no node borrows from another's blocks." };

    private readonly Option<string> _cooldown = new("--cooldown")
    {
        Description = "How long a freed address cools down. [otherwise: 0]",
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _reuseResting = new("--reuse-resting") { Description = "Hand out an address that is still cooling down when no other is left." };

    private readonly Option<bool> _sticky = new("--sticky")
    {
        Description = "An address stays that of the pod's StatefulSet, virtual machine or annotation when its container ends, or of the name that the runtime gives.",
    };

    private readonly Option<string> _stickySeconds = new("--sticky-seconds")
    {
        Description = "With --sticky: how long it stays so without a container. [otherwise: as long as the owner is there; of a mere name 604800]",
        HelpName = "SECONDS",
    };

    private readonly Option<string[]> _routes = Many("--route", "DST[=GW]", "A route that comes with an address, DST in CIDR notation. May be repeated.");

    private readonly Option<string[]> _namespaces = Many("--namespace", "NAME", "Only for pods in this namespace. May be repeated.");

    private readonly Option<string[]> _namespaceLabels = Many("--namespace-label", "KEY=VALUE", "Only for pods in namespaces with this label. May be repeated.");

    private readonly Option<string[]> _podLabels = Many("--pod-label", "KEY=VALUE", "Only for pods with this label. May be repeated.");

    private readonly Option<string[]> _networks = Many("--network", "NAME", "Only for this network. May be repeated.");

    private readonly Option<string[]> _nodes = Many("--node", "NAME", "Only on this node. May be repeated.");

    private readonly Option<string[]> _labels = Many("--node-label", "KEY=VALUE", "Only on nodes with this label. May be repeated.");

    private readonly Option<string[]> _quotas = Many(
        "--quota", "NAMESPACE=NUMBER", "How many addresses the pods of this namespace may hold; * is each namespace that isn't named. May be repeated.");

    private readonly Option<bool> _disabled = new("--disabled") { Description = "Hand out nothing from it yet." };

    public IReadOnlyList<Option> All =>
        [_ranges, _space, _order, _affinity, _strict, _cooldown, _reuseResting, _sticky, _stickySeconds, _routes, _namespaces, _namespaceLabels, _podLabels, _networks, _nodes, _labels, _quotas, _disabled];

    /// <summary>The name of an option that was given; null if none was.</summary>
    public string? Given(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>The document that the options make.</summary>
    /// <exception cref="UsageException">They make none.</exception>
    public string ToDocument(ParseResult arguments)
    {
        var ranges = arguments.GetValue(_ranges) ?? [];
        if (ranges.Length == 0)
            throw new UsageException("the pool has no range; give at least one, such as --range 10.1.0.0/16, or the pool's document by -f FILE");
        return new JsonObject
        {
            ["space"] = arguments.GetValue(_space),
            ["ranges"] = new JsonArray([.. ranges.Select(RangeText.ToJson)]),
            ["order"] = arguments.GetValue(_order),
            ["affinity"] = arguments.GetValue(_affinity),
            ["strict"] = arguments.GetValue(_strict),
            ["cooldownSeconds"] = Number(arguments.GetValue(_cooldown)),
            ["reuseResting"] = arguments.GetValue(_reuseResting),
            ["sticky"] = arguments.GetValue(_sticky),
            ["stickySeconds"] = Number(arguments.GetValue(_stickySeconds)),
            ["routes"] = new JsonArray([.. (arguments.GetValue(_routes) ?? []).Select(Route)]),
            ["namespaces"] = Texts(arguments.GetValue(_namespaces)),
            ["namespaceSelector"] = new JsonObject { ["labels"] = Labels(_namespaceLabels, arguments) },
            ["podSelector"] = new JsonObject { ["labels"] = Labels(_podLabels, arguments) },
            ["networks"] = Texts(arguments.GetValue(_networks)),
            ["quotas"] = Map(_quotas, "NAMESPACE=NUMBER", Number, arguments),
            ["nodeSelector"] = new JsonObject { ["nodes"] = Texts(arguments.GetValue(_nodes)), ["labels"] = Labels(_labels, arguments) },
            ["disabled"] = arguments.GetValue(_disabled),
        }.ToJsonString();
    }

    /// <summary>The option <c>--range</c>.</summary>
    public static Option<string[]> Ranges(string description) => Many("--range", "SUBNET[,KEY=VALUE...]", description);

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    private static Option<string> OneOf(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { HelpName = string.Join('|', words), Description = description };
        option.CompletionSources.Add(words);
        return option;
    }

    private static JsonValue? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);

    private static JsonArray Texts(string[]? texts) => new([.. (texts ?? []).Select(static text => JsonValue.Create(text))]);

    private static JsonObject Route(string text) =>
        text.Split('=', 2) is [var destination, var gateway] ? new() { ["dst"] = destination, ["gw"] = gateway } : new() { ["dst"] = text };

    private static JsonObject Labels(Option<string[]> option, ParseResult arguments) => Map(option, "KEY=VALUE", static value => JsonValue.Create(value), arguments);

    private static JsonObject Map(Option<string[]> option, string form, Func<string, JsonValue?> read, ParseResult arguments)
    {
        var map = new JsonObject();
        foreach (var entry in arguments.GetValue(option) ?? [])
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new UsageException($"{option.Name} is '{entry}', wanted is {form}");
            if (!map.TryAdd(key, read(value)))
                throw new UsageException($"{option.Name} gives '{key}' twice; keep one of them");
        }
        return map;
    }
}
