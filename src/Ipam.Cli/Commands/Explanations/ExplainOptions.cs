using System.CommandLine;
using Ipam.Cli.Commands.Installation;
using Ipam.Cli.Terminal;
using Ipam.Configuration.Explanations;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Explanations;

/// <summary>The options that say whose addresses are to be explained, and by which configuration.</summary>
internal sealed class ExplainOptions
{
    private readonly Option<string> _pod = new("--pod") { Description = "The pod.", HelpName = "NAMESPACE/NAME" };
    private readonly Option<string> _container = new("--container") { Description = "The container that holds addresses, by what its id begins with.", HelpName = "ID" };

    private readonly Option<string> _configuration = new("--config")
    {
        Description = "The network configuration. [otherwise: the one of the network, or the first on this machine that uses ipam] (ipamd's own file is named by IPAM_CONFIG here.)",
        HelpName = "FILE.conflist",
    };

    private readonly Option<string> _folder = new("--conf-dir")
    {
        Description = "The folder of network configurations. [otherwise: the one that this machine's container runtime uses]",
        HelpName = "FOLDER",
    };

    private readonly Option<string> _node = new("--node") { Description = "The node. [otherwise: the pod's, as far as it is known]", HelpName = "NAME" };

    private readonly Option<string[]> _labels = new("--node-label")
    {
        Description = "A label of the node, where the store doesn't know it. May be repeated.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    public ExplainOptions()
    {
        _pod.Validators.Add(static result =>
        {
            var text = result.Tokens[0].Value;
            if (text.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
                result.AddError($"--pod '{text}' must be NAMESPACE/NAME, as shop/web-0 is.");
        });
        _container.Validators.Add(static result =>
        {
            if (result.Tokens[0].Value.Length == 0)
                result.AddError("--container is empty; wanted is what the container's id begins with.");
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_pod, _container, _configuration, _folder, _node, _labels])
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_pod) is not null && result.GetResult(_container) is not null)
                result.AddError("--pod and --container are both given; give one of them.");
            if (result.GetResult(_pod) is null && result.GetResult(_container) is null && result.GetResult(_configuration) is null)
                result.AddError("One of --pod, --container and --config is needed.");
        });
    }

    public string? Pod(ParseResult arguments) => arguments.GetValue(_pod);

    public string? Container(ParseResult arguments) => arguments.GetValue(_container);

    public string? Node(ParseResult arguments) => arguments.GetValue(_node);

    /// <summary>The labels that were given; null if none was.</summary>
    /// <exception cref="UsageException">One isn't of that form.</exception>
    public IReadOnlyDictionary<string, string>? Labels(ParseResult arguments)
    {
        if (arguments.GetValue(_labels) is not { Length: > 0 } given)
            return null;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in given)
        {
            labels[label.Split('=', 2) is [{ Length: > 0 } key, _] ? key : throw new UsageException($"--node-label is '{label}', wanted is KEY=VALUE")] =
                label[(label.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }
        return labels;
    }

    /// <summary>The configurations to choose from, the first one first; the one that was named is the only one.</summary>
    /// <exception cref="UsageException">The one that was named can't be used.</exception>
    public IReadOnlyList<NetworkFile> Files(ParseResult arguments)
    {
        if (arguments.GetValue(_configuration) is not { } path)
            return [.. NetworkFolder.In(arguments.GetValue(_folder) ?? UsualFolder())];
        return [NetworkFolder.Read(path) ?? throw new UsageException($"{path} has no plugin whose \"ipam\" is of \"type\": \"ipam\"; name a network configuration that has")];
    }

    private static string UsualFolder()
    {
        try
        {
            return new RuntimeFinder(new HostRoot("/")).Find().ConfFolder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException($"where this machine's container runtime has its network configurations can't be read: {e.Message}; name the folder by --conf-dir");
        }
    }
}
