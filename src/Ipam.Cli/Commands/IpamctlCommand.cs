using System.CommandLine;
using System.CommandLine.Help;
using Ipam.Cli.Commands.Blocks;
using Ipam.Cli.Commands.Checks;
using Ipam.Cli.Commands.Collection;
using Ipam.Cli.Commands.Completion;
using Ipam.Cli.Commands.Doctor;
using Ipam.Cli.Commands.Explanations;
using Ipam.Cli.Commands.History;
using Ipam.Cli.Commands.Imports;
using Ipam.Cli.Commands.Installation;
using Ipam.Cli.Commands.Leaders;
using Ipam.Cli.Commands.Leases;
using Ipam.Cli.Commands.Manual;
using Ipam.Cli.Commands.Maps;
using Ipam.Cli.Commands.Nodes;
using Ipam.Cli.Commands.Pools;
using Ipam.Cli.Commands.Reservations;
using Ipam.Cli.Commands.Spaces;
using Ipam.Cli.Commands.Status;
using Ipam.Cli.Commands.Stores;
using Ipam.Cli.Commands.Transfer;
using Ipam.Cli.Commands.Web;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Commands;

/// <summary>All of the command line. A new noun is added here, a new verb to its noun.</summary>
internal sealed class IpamctlCommand : RootCommand
{
    private const string About =
        """
        Looks at and corrects the addresses that ipamd hands out.
        It works on the store itself, whether or not ipamd runs.
        """;

    /// <summary>As much of it as a command line needs: to make every verb takes longer than most verbs do.</summary>
    public IpamctlCommand(CliEnvironment environment, IReadOnlyList<string> arguments) : base(About)
    {
        foreach (var option in Options)
        {
            // Those are for another system, where a slash begins an option.
            option.Aliases.Remove("/?");
            option.Aliases.Remove("/h");
            option.Action = option switch
            {
                HelpOption => new ShowHelp(environment.Screen),
                VersionOption => new ShowVersion(),
                _ => option.Action,
            };
        }
        var store = new StoreOptions(environment);
        Add(store.Store);
        Add(store.Configuration);
        Add(Quiet);

        Part[] parts =
        [
            new("status", () => new StatusCommand(environment, store)),
            new("doctor", () => new DoctorCommand(environment, store)),
            new("top", () => new TopCommand(environment, store)),
            new("explain", () => new ExplainCommand(environment, store)),
            new("next", () => new NextCommand(environment, store)),
            new("map", () => new MapCommand(environment, store)),
            new("web", () => new WebCommand(environment, store)),
            Part.Of("lease", "Addresses that are held, and by whom.", () =>
            [
                new LeaseListCommand(environment, store),
                new LeaseShowCommand(environment, store),
                new LeaseAddCommand(environment, store),
                new LeaseReleaseCommand(environment, store),
            ]),
            new("history", () => new HistoryCommand(environment, store)),
            Part.Of("pool", "Pools: named ranges that addresses are handed out from.", () =>
            [
                new PoolListCommand(environment, store),
                new PoolShowCommand(environment, store),
                new PoolMapCommand(environment, store),
                new PoolCreateCommand(environment, store),
                new PoolEditCommand(environment, store),
                new PoolResizeCommand(environment, store),
                new PoolDrainCommand(environment, store),
                new PoolDeleteCommand(environment, store),
                PoolSwitchCommand.Disable(environment, store),
                PoolSwitchCommand.Enable(environment, store),
            ]),
            Part.Of("reservation", "Reservations: addresses that are handed out to nobody.", () =>
            [
                new ReservationListCommand(environment, store),
                new ReservationAddCommand(environment, store),
                new ReservationDeleteCommand(environment, store),
            ]),
            Part.Of("block", "Blocks: the parts of a space that nodes own and stores write.", () =>
            [
                new BlockListCommand(environment, store),
                new BlockShowCommand(environment, store),
                new BlockReleaseCommand(environment, store),
            ]),
            Part.Of("space", "Address spaces: an address is unique within its space.", () =>
            [
                new SpaceListCommand(environment, store),
                new SpaceShowCommand(environment, store),
            ]),
            Part.Of("node", "Nodes: the machines whose ipamds work on the store.", () =>
            [
                new NodeListCommand(environment, store),
                new NodeShowCommand(environment, store),
                new NodeForgetCommand(environment, store),
            ]),
            new("leader", () => new LeaderCommand(environment, store)),
            Part.Of("store", "The store itself: which data it has, and what to do when it lost some.", () =>
            [
                new StoreShowCommand(environment, store),
                new StoreAcceptCommand(environment, store),
            ]),
            new("gc", () => new GcCommand(environment, store)),
            new("check", () => new CheckCommand(environment, store)),
            new("repair", () => new RepairCommand(environment, store)),
            new("export", () => new ExportCommand(environment, store)),
            new("restore", () => new RestoreCommand(environment, store)),
            Part.Of("import", "Takes over addresses that are in use: from another IPAM, or from what runs.", () =>
            [
                new HostLocalImportCommand(environment, store),
                new RunningImportCommand(environment, store),
                new ObjectImportCommand(environment, store, new WhereaboutsReader(), "Whereabouts"),
                new ObjectImportCommand(environment, store, new CalicoReader(), "Calico"),
                new ObjectImportCommand(environment, store, new SpiderpoolReader(), "Spiderpool"),
                new ObjectImportCommand(environment, store, new KubeOvnReader(), "kube-ovn"),
            ]),
            new("install-cni", () => new InstallCniCommand(environment)),
            new("uninstall-cni", () => new UninstallCniCommand(environment)),
            new("completion", () => new CompletionCommand(environment)),
            new(ManualCommand.Word, () => new ManualCommand(environment)),
        ];
        // Help for all is shown without verbs of nouns; what is wrong, and what is written by a man page, may be any of it.
        var asked = arguments.Count > 0 ? Array.Find(parts, part => part.Name == arguments[0] && part.Name != ManualCommand.Word) : null;
        var isHelpForAll = arguments is [var only] && Options.OfType<HelpOption>().Any(help => help.Name == only || help.Aliases.Contains(only));
        foreach (var part in asked is null ? parts : [asked])
        {
            var command = part.Make();
            if (command is Noun noun && !isHelpForAll)
                noun.AddVerbs();
            Add(command);
        }
        // A directive of System.CommandLine asks for completions.
        if (arguments is [['[', ..], ..])
            new StoreNames(environment, store).AddTo(this);
    }

    /// <summary>Whether what was done is not to be told.</summary>
    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Say nothing of what was done, and show no progress: only what was asked for, and what is wrong.",
        Recursive = true,
    };

    /// <param name="Name">The command's name.</param>
    /// <param name="Make">Makes the command.</param>
    private sealed record Part(string Name, Func<Command> Make)
    {
        public static Part Of(string noun, string about, Func<IReadOnlyList<Command>> verbs) => new(noun, () => new Noun(noun, about, verbs));
    }
}
