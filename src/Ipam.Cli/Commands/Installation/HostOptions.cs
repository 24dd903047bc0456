using System.CommandLine;

namespace Ipam.Cli.Commands.Installation;

/// <summary>The options that say which host it is about, and which of its folders.</summary>
internal sealed class HostOptions
{
    private readonly Option<string> _root = new("--host-root")
    {
        Description = "The folder where the host's root is mounted, in a container. [otherwise: /]",
        HelpName = "FOLDER",
    };

    private readonly Option<string> _binFolder = new("--bin-dir")
    {
        Description = "The folder of plugins, as the host calls it. [otherwise: the one that its container runtime uses]",
        HelpName = "FOLDER",
    };

    private readonly Option<string> _confFolder = new("--conf-dir")
    {
        Description = "The folder of network configurations, as the host calls it. [otherwise: the one that its container runtime uses]",
        HelpName = "FOLDER",
    };

    public HostOptions()
    {
        foreach (var option in (Option<string>[])[_root, _binFolder, _confFolder])
        {
            option.Validators.Add(result =>
            {
                if (!result.Tokens[0].Value.StartsWith('/'))
                    result.AddError($"{option.Name} '{result.Tokens[0].Value}' must be a full path, as /opt/cni/bin is.");
            });
        }
    }

    public void AddTo(Command command)
    {
        command.Add(_root);
        command.Add(_binFolder);
        command.Add(_confFolder);
    }

    /// <summary>The host.</summary>
    public HostRoot RootOf(ParseResult arguments) => new(arguments.GetValue(_root) ?? "/");

    /// <summary>Its folders. Throws as <see cref="RuntimeFinder.Find"/> does.</summary>
    public RuntimePaths PathsOf(ParseResult arguments)
    {
        var bin = arguments.GetValue(_binFolder);
        var conf = arguments.GetValue(_confFolder);
        var found = bin is null || conf is null ? new RuntimeFinder(RootOf(arguments)).Find() : new RuntimePaths("the options", bin, conf);
        return found with { BinFolder = bin ?? found.BinFolder, ConfFolder = conf ?? found.ConfFolder };
    }
}
