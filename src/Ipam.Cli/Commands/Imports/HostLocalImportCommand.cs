using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Core.Imports;
using Ipam.Core.Stores;

namespace Ipam.Cli.Commands.Imports;

/// <summary><c>ipamctl import host-local</c>.</summary>
internal sealed class HostLocalImportCommand : ImportVerb
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder with a folder for each network, or that of one network." };
    private readonly Option<string> _node = ImportOptions.Node();
    private readonly Option<string> _interface = ImportOptions.Interface();

    public HostLocalImportCommand(CliEnvironment environment, StoreOptions store)
        : base(environment, store, "host-local", "Takes over what host-local has handed out on this machine. Their DELs end these leases like any others.", OutsidePoolsPolicy.Refuse)
    {
        Add(_folder);
        Add(_node);
        Add(_interface);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl import host-local /var/lib/cni/networks --dry-run",
        "ipamctl import host-local /var/lib/cni/networks/podnet --node worker-3",
    ];

    protected override Task<IReadOnlyList<FoundAddress>> ReadAsync(ParseResult arguments, IIpamStore store, CancellationToken cancellationToken) =>
        Task.FromResult(new HostLocalFolder(arguments.GetValue(_node) ?? NodeHere(arguments), arguments.GetValue(_interface)).Read(arguments.GetRequiredValue(_folder)));
}
