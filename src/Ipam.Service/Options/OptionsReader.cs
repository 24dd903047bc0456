using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Ipam.Core.History;
using IpamSuite.Shared;

namespace Ipam.Service.Options;

/// <summary>
/// Reads the options: a flag beats an environment variable, which beats the JSON file, which beats the default. Every option has one
/// name in three spellings: <c>--log-level</c>, <c>IPAM_LOG_LEVEL</c>, <c>"logLevel"</c>.
/// </summary>
internal static class OptionsReader
{
    private const string DefaultFile = "/etc/ipam/ipamd.json";

    /// <summary>The kernel's limit (unix(7)), without the zero at the end.</summary>
    private const int LongestSocketPath = 107;

    /// <summary>The one option that needs no value.</summary>
    private const string Switch = "take-over";

    private static readonly string[] Names = ["store", "role", "socket", "listen", "node", "node-labels", "spool", Switch, "log-level", "log-format", "request-timeout", "gc-grace", "node-gone-after", "history", "history-size", "serve-history"];

    /// <summary>Reads them. Throws <see cref="OptionException"/> for what can't be used.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="variable">Gives an environment variable's value, or null.</param>
    public static ServiceOptions Read(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        var flags = ReadFlags(arguments);
        var file = ReadFile(flags.GetValueOrDefault("config") ?? NotEmpty(variable("IPAM_CONFIG")));
        string? Value(string name) => flags.GetValueOrDefault(name) ?? NotEmpty(variable(VariableName(name))) ?? file.GetValueOrDefault(KeyName(name));

        var defaults = new ServiceOptions();
        return Checked(new ServiceOptions
        {
            Store = Value("store") ?? defaults.Store,
            Role = Value("role") is { } role ? Role(role) : defaults.Role,
            Socket = Socket(Value("socket") ?? defaults.Socket),
            Listen = Value("listen") is { } listen ? Listen(listen) : null,
            Node = Node(Value("node") ?? defaults.Node),
            NodeLabels = NodeLabelsText.Check(Value("node-labels") ?? defaults.NodeLabels),
            Spool = FullPath("spool", Value("spool") ?? defaults.Spool),
            TakeOver = Value(Switch) is { } takeOver && IsTrue(takeOver),
            LogLevel = Value("log-level") is { } level ? Level(level) : defaults.LogLevel,
            LogJson = Value("log-format") is { } format ? IsJson(format) : defaults.LogJson,
            RequestTimeout = Value("request-timeout") is { } seconds ? Seconds(seconds) : defaults.RequestTimeout,
            GcGrace = Value("gc-grace") is { } grace ? Grace(grace) : defaults.GcGrace,
            NodeGoneAfter = Value("node-gone-after") is { } goneAfter ? GoneAfter(goneAfter) : defaults.NodeGoneAfter,
            History = (Value("history") is { } history ? History(history) : defaults.History) with { MostBytes = Value("history-size") is { } size ? HistorySize(size) : null },
            ServeHistory = Value("serve-history") is { } serve ? ServeHistory(serve) : null,
        });
    }

    /// <summary>The options, if they make sense together.</summary>
    private static ServiceOptions Checked(ServiceOptions options) => options switch
    {
        { Role: ServiceRole.Node, NodeGoneAfter: not null } =>
            throw new OptionException("node-gone-after is for whoever may lead, and an ipamd of role node never does; give it to the controllers, and leave it out here"),
        { Role: ServiceRole.Controller, ServeHistory: not null } =>
            throw new OptionException("serve-history is for nodes, which keep a history, and an ipamd of role controller serves none; leave it out here"),
        { ServeHistory: not null, History.Keep: null } => throw new OptionException("serve-history has nothing to serve while history is off; leave out one of them"),
        { ServeHistory: { } serve, Listen: { } listen } when serve.Port == listen.Port =>
            throw new OptionException($"serve-history and listen both want port {listen.Port}; choose another one for one of them"),
        _ => options,
    };

    private static Dictionary<string, string> ReadFlags(IReadOnlyList<string> arguments)
    {
        var flags = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var name = parts[0].StartsWith("--", StringComparison.Ordinal) ? parts[0][2..] : "";
            if (name != "config" && !Names.Contains(name))
                throw new OptionException($"unknown argument '{arguments[i]}'; known are --config and {string.Join(", ", Names.Select(static n => $"--{n}"))}");
            if (parts.Length == 1 && name != Switch && ++i == arguments.Count)
                throw new OptionException($"--{name} wants a value");
            flags[name] = parts.Length == 2 ? parts[1] : name == Switch ? "true" : arguments[i];
        }
        return flags;
    }

    private static Dictionary<string, string> ReadFile(string? path)
    {
        if (path is null && !Path.Exists(DefaultFile))
            return [];
        path ??= DefaultFile;
        try
        {
            return ServiceFile.Read(path, json => ReadObject(path, json));
        }
        catch (FormatException e)
        {
            throw new OptionException(e.Message);
        }
    }

    private static Dictionary<string, string> ReadObject(string path, JsonElement json)
    {
        var values = new Dictionary<string, string>();
        foreach (var property in json.EnumerateObject())
        {
            var key = KnownKey(path, property.Name);
            if (property.Value.ValueKind != JsonValueKind.Null)
                values[key] = Text(path, property);
        }
        return values;
    }

    private static string KnownKey(string path, string key) =>
        Names.Any(name => KeyName(name) == key)
            ? key
            : throw new OptionException($"{path}: unknown key \"{key}\"; known are {string.Join(", ", Names.Select(static n => $"\"{KeyName(n)}\""))}");

    private static string Text(string path, JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
        _ => throw new OptionException($"{path}: \"{property.Name}\" must be a string, a number, true or false, found {property.Value.GetRawText()}"),
    };

    private static string VariableName(string name) => "IPAM_" + name.ToUpperInvariant().Replace('-', '_');

    private static string KeyName(string name)
    {
        var words = name.Split('-');
        return words[0] + string.Concat(words[1..].Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static ServiceRole Role(string text) => text switch
    {
        "all" => ServiceRole.All,
        "node" => ServiceRole.Node,
        "controller" => ServiceRole.Controller,
        _ => throw new OptionException($"role '{text}' is none of all, node, controller"),
    };

    private static string FullPath(string name, string path) =>
        path.Length > 0 ? Path.GetFullPath(path) : throw new OptionException($"{name} must be a path, found an empty text");

    private static string Socket(string path)
    {
        var full = FullPath("socket", path);
        var length = Encoding.UTF8.GetByteCount(full);
        return length <= LongestSocketPath
            ? full
            : throw new OptionException($"socket '{full}' has {length} bytes, and the kernel takes up to {LongestSocketPath}; choose a shorter path");
    }

    /// <summary>An address and a port; the address may be left out, which means all.</summary>
    private static IPEndPoint Listen(string text)
    {
        var colon = text.LastIndexOf(':');
        var address = text[..Math.Max(colon, 0)];
        var isBare = address.Length == 0 || (address.Contains(':', StringComparison.Ordinal) == (address[0] == '[' && address[^1] == ']'));
        return colon >= 0 && isBare && Endpoint(address, text[(colon + 1)..]) is { } endpoint
            ? endpoint
            : throw new OptionException($"listen '{text}' must be ADDRESS:PORT, such as 127.0.0.1:9645, [::1]:9645 or :9645");
    }

    /// <summary>The same with an address that others are told. An IPv6 one needs no brackets, so that $(HOST_IP):PORT can be told of any node.</summary>
    private static IPEndPoint ServeHistory(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && Endpoint(text[..colon], text[(colon + 1)..]) is { } endpoint && !endpoint.Address.Equals(IPAddress.Any) && !endpoint.Address.Equals(IPAddress.IPv6Any)
            ? endpoint
            : throw new OptionException($"serve-history '{text}' must be ADDRESS:PORT with the address by which others reach this node, such as 192.0.2.7:9646 or [2001:db8::7]:9646");
    }

    private static IPEndPoint? Endpoint(string address, string port)
    {
        var all = IPAddress.IPv6Any;
        return (address.Length == 0 || IPAddress.TryParse(address.Trim('[', ']'), out all))
            && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new IPEndPoint(all, number)
            : null;
    }

    private static string Node(string name) => name.Length is > 0 and <= 253 && !name.Any(char.IsControl)
        ? name
        : throw new OptionException($"node name '{name}' must have 1 to 253 printable characters");

    private static LogLevel Level(string text) =>
        Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level)
            ? level
            : throw new OptionException($"log-level '{text}' is none of {string.Join(", ", Enum.GetNames<LogLevel>()).ToLowerInvariant()}");

    private static bool IsJson(string text) => text switch
    {
        "json" => true,
        "text" => false,
        _ => throw new OptionException($"log-format '{text}' is none of json, text"),
    };

    private static bool IsTrue(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new OptionException($"{Switch} '{text}' is none of true, false"),
    };

    private static TimeSpan Grace(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is 0 or (>= 5 and <= 3600)
            ? TimeSpan.FromSeconds(seconds)
            : throw new OptionException($"gc-grace '{text}' must be whole seconds from 5 to 3600, or 0 to release nothing without a DEL");

    private static TimeSpan? GoneAfter(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is 0 or (>= 300 and <= 31_536_000)
            ? seconds == 0 ? null : TimeSpan.FromSeconds(seconds)
            : throw new OptionException($"node-gone-after '{text}' must be whole seconds from 300 to 31536000 (a year), or 0 so that a silent node never counts as gone");

    private static HistoryBounds History(string text) => text == "off" ? HistoryBounds.Off
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 3650
            ? HistoryBounds.Usual with { Keep = TimeSpan.FromDays(days) }
            : throw new OptionException($"history '{text}' must be whole days from 1 to 3650 for which it is kept which leases there were, or off");

    private static long HistorySize(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) && mebibytes is >= 16 and <= 1_048_576
            ? (long)mebibytes << 20
            : throw new OptionException($"history-size '{text}' must be whole MiB from 16 to 1048576 that it may take to keep which leases there were");

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.1 and <= 20
            ? TimeSpan.FromSeconds(seconds)
            : throw new OptionException($"request-timeout '{text}' must be seconds from 0.1 to 20; the plugin doesn't wait much longer");
}

/// <summary>An option can't be used; the message says which and why.</summary>
internal sealed class OptionException(string message) : Exception(message);
