using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Leadership;
using Ipam.Core.Stores;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Leaders;

/// <summary><c>ipamctl leader</c>.</summary>
internal sealed class LeaderCommand(CliEnvironment environment, StoreOptions store) : ShowVerb(
    environment, store, new OutputOption(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml), "leader", "Shows which ipamd does the work for the whole cluster, as the store has it.")
{
    public override IReadOnlyList<string> Examples => ["ipamctl leader", "ipamctl leader -o json | jq -r '.[0].holder'"];

    protected override async Task<int> ShowAsync(ParseResult arguments, IIpamStore store, OutputFormat format, CancellationToken cancellationToken)
    {
        var record = await store.Leaders.FindAsync(LeaderRole.Controller, cancellationToken);
        if (record is not { Holder.Length: > 0 })
            return Environment.Fail($"nobody leads: {WhyNobody(store, record)}", ExitCode.NotFound);
        var writer = ListWriter.Create(format, LeaderView.Of(LeaderRole.Controller), Environment);
        writer.Add(record);
        writer.Complete();
        return ExitCode.Ok;
    }

    private static string WhyNobody(IIpamStore store, LeaderRecord? record) => record is null
        ? $"{store.Description} has no record of a leader; on a store where nothing is done for all nodes, nobody stands for election."
        : $"the last leader gave up the lead, {TimeText.Of(record.RenewedAt)} by its clock; another ipamd takes it within minutes.";
}
