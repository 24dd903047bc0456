using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Imports;
using Ipam.Core.Pools;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Imports;

/// <summary>A command that takes over addresses which something else than the store says are in use: it plans, and then takes all of a network or nothing.</summary>
internal abstract class ImportVerb : Verb
{
    private readonly StoreOptions _store;
    private readonly OutsidePoolsPolicy _outsidePools;
    private readonly Option<string> _space = SpaceOption.ForNew();
    private readonly Option<bool> _takeOutside = new("--outside-pools") { Description = "Take over what lies in no pool, too: addresses of configurations that have ranges of their own." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would be taken over, what conflicts, and what can't be read." };
    private readonly OutputOption _output = OutputOption.OfList(hasWide: false);

    protected ImportVerb(CliEnvironment environment, StoreOptions store, string name, string description, OutsidePoolsPolicy outsidePools) : base(name, description)
    {
        (Environment, _store, _outsidePools) = (environment, store, outsidePools);
        Add(_space);
        Add(_takeOutside);
        Add(_dryRun);
        Add(_output);
    }

    protected CliEnvironment Environment { get; }

    /// <summary>Whether each address is for itself, and not all of a network or nothing.</summary>
    protected virtual bool IsEachForItself => false;

    /// <summary>The name of this machine's node, as ipamd has it.</summary>
    protected string NodeHere(ParseResult arguments) => _store.Node(arguments);

    /// <summary>Reads the source. Nothing was written yet.</summary>
    /// <exception cref="UsageException">It can't be read.</exception>
    protected abstract Task<IReadOnlyList<FoundAddress>> ReadAsync(ParseResult arguments, IIpamStore store, CancellationToken cancellationToken);

    protected sealed override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var policy = new ImportPolicy(Name)
        {
            Space = arguments.GetValue(_space) ?? "default",
            OutsidePools = arguments.GetValue(_takeOutside) ? OutsidePoolsPolicy.Take : _outsidePools,
            IsAllOrNothing = !IsEachForItself,
        };
        if (NameRules.CheckSpace(policy.Space) is { } problem)
            throw new UsageException(problem);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var planner = new ImportPlanner(store, policy, Environment.Time);
        var plans = await planner.PlanAsync(await ReadAsync(arguments, store, cancellationToken), cancellationToken);
        var isDryRun = arguments.GetValue(_dryRun);
        if (!isDryRun)
            plans = await TakeAsync(store, policy, plans, cancellationToken);
        else
            plans = [.. plans.Select(static plan => plan.Blocker is { } blocker ? plan.Leave($"nothing of network {plan.Name} is taken, because of {blocker.Found.Where}") : plan)];
        Show(policy.Space, plans, _output.Of(arguments));
        return Report(plans, planner.HasPools || policy.OutsidePools == OutsidePoolsPolicy.Take, policy.Space);
    }

    private async Task<IReadOnlyList<NetworkPlan>> TakeAsync(
        IIpamStore store, ImportPolicy policy, IReadOnlyList<NetworkPlan> plans, CancellationToken cancellationToken)
    {
        var importer = new Importer(store, Environment.User(), Environment.Time, Random.Shared);
        using var progress = new ProgressLine(Environment);
        var done = new List<NetworkPlan>();
        foreach (var plan in plans)
        {
            done.Add(await importer.TakeAsync(
                plan, policy.IsAllOrNothing, taken => progress.Show($"addresses of network {plan.Name} taken over", taken, plan.Addresses.Count), cancellationToken));
        }
        return done;
    }

    private void Show(string space, IReadOnlyList<NetworkPlan> plans, OutputFormat format)
    {
        var writer = ListWriter.Create(format, PlannedView.Of(space), Environment);
        foreach (var address in plans.SelectMany(static plan => plan.Addresses))
            writer.Add(address);
        writer.Complete();
    }

    private int Report(IReadOnlyList<NetworkPlan> plans, bool hasPools, string space)
    {
        foreach (var plan in plans)
        {
            var counts = plan.Addresses.GroupBy(static address => address.State).OrderBy(static state => state.Key).Select(static state => $"{PlannedView.Word(state.Key)}: {state.Count()}");
            Environment.Note($"network {plan.Name}: {string.Join(", ", counts)}");
        }
        var all = plans.SelectMany(static plan => plan.Addresses).ToList();
        if (!hasPools && all.Exists(static address => address.State == ImportState.OutsidePools))
            Environment.Note($"space {space} has no pool: create it first, or give --outside-pools if configurations have ranges of their own");
        var isOpen = all.Exists(address => address.State is ImportState.Conflict or ImportState.Unknown or ImportState.Left
            || (address.State == ImportState.OutsidePools && _outsidePools == OutsidePoolsPolicy.Refuse));
        isOpen |= !hasPools && all.Exists(static address => address.State == ImportState.OutsidePools);
        return !isOpen ? ExitCode.Ok : all.Exists(static address => address.State is ImportState.Taken or ImportState.Take) ? ExitCode.Incomplete : ExitCode.Refused;
    }
}
