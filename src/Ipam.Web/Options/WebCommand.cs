using System.CommandLine;
using System.Globalization;
using System.Net;
using Ipam.Stores.Sqlite.History;
using IpamSuite.Shared;

namespace Ipam.Web.Options;

/// <summary>The command line of ipam-web.</summary>
internal sealed class WebCommand : RootCommand
{
    private const string NoAuth = "none";
    private const string KubernetesAuth = "kubernetes";

    private readonly StoreAddress _store;
    private readonly Option<string> _listen = new("--listen")
    {
        Description = $"Where to listen, as ADDRESS:PORT; port 0 is any that is free. [otherwise: 127.0.0.1:{WebOptions.DefaultPort}]",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string> _auth = new("--auth")
    {
        Description = "Who may look: none asks nobody; kubernetes asks each viewer for a token of the cluster, and whether it may list ipblocks. [otherwise: none]",
        HelpName = $"{NoAuth}|{KubernetesAuth}",
    };

    private readonly Option<bool> _public = new("--allow-anyone")
    {
        Description = "Listen on other addresses than those of the loopback interface although nobody is asked who he is. Names of pods, nodes and networks are shown to whoever gets there.",
    };

    private readonly Option<string> _basePath = new("--base-path") { Description = "The path under which a proxy serves the pages, such as /ipam. [otherwise: /]", HelpName = "PATH" };
    private readonly Option<string[]> _hosts = new("--host")
    {
        Description = "Another name of this host, such as the one that a proxy on this machine passes on. Without, only those of the loopback interface are answered there.",
        HelpName = "NAME",
    };

    public WebCommand(StoreAddress store)
        : base("Shows in a browser what addresses ipamd hands out: pools, free runs, who holds what and who held it. It changes nothing.")
    {
        _store = store;
        Add(store.Store);
        Add(store.Configuration);
        Add(_listen);
        Add(_auth);
        Add(_public);
        Add(_basePath);
        Add(_hosts);
    }

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">It can't be used.</exception>
    public WebOptions Read(ParseResult arguments)
    {
        var options = new WebOptions
        {
            Store = _store.Url(arguments),
            Listen = ReadListen(arguments.GetValue(_listen)),
            Auth = ReadAuth(arguments.GetValue(_auth)),
            BasePath = ReadBasePath(arguments.GetValue(_basePath)),
            Hosts = arguments.GetValue(_hosts) ?? [],
            NodeHistory = NodeHistory.PathBeside(_store.Spool(arguments)),
        };
        if (options.Auth == AuthKind.None && !IPAddress.IsLoopback(options.Listen.Address) && !arguments.GetValue(_public))
        {
            throw new UsageException(
                $"--listen {options.Listen} can be reached from other machines, and --auth none asks nobody who he is; listen on 127.0.0.1, or give --auth kubernetes, or say --allow-anyone if everybody who gets there may look");
        }
        return options;
    }

    private static IPEndPoint ReadListen(string? text)
    {
        if (text is null)
            return new IPEndPoint(IPAddress.Loopback, WebOptions.DefaultPort);
        var named = text.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1{text["localhost".Length..]}" : text;
        var colon = named.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(named.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) && IPEndPoint.TryParse(named, out var place)
            ? place
            : throw new UsageException($"--listen '{text}' is no ADDRESS:PORT; wanted is one such as 127.0.0.1:9180, 0.0.0.0:9180 or [::1]:9180");
    }

    private static AuthKind ReadAuth(string? text) => text switch
    {
        null or NoAuth => AuthKind.None,
        KubernetesAuth => AuthKind.Kubernetes,
        _ => throw new UsageException($"--auth '{text}' is unknown; known are: {NoAuth}, {KubernetesAuth}"),
    };

    private static string ReadBasePath(string? text)
    {
        var path = (text ?? "").TrimEnd('/');
        return path.Length == 0 || (path[0] == '/' && path.Skip(1).All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') && !path.Contains("//", StringComparison.Ordinal))
            ? path
            : throw new UsageException($"--base-path '{text}' is no path; wanted is one such as /ipam, of letters, digits, '-', '_' and '.'");
    }
}
