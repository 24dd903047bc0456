using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Stores;

/// <summary><c>ipamctl store accept</c>.</summary>
internal sealed class StoreAcceptCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly Confirmation _confirmation;

    public StoreAcceptCommand(CliEnvironment environment, StoreOptions store)
        : base("accept", "Accepts that the store lost data, after asking: nobody waits any longer for nodes that have not asserted their leases again.")
    {
        _environment = environment;
        _store = store;
        _confirmation = new Confirmation(environment, "accept");
        _confirmation.AddTo(this);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl store accept --dry-run", "ipamctl store accept --yes"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var standing = await StoreStanding.ReadAsync(store, cancellationToken);
        if (standing.Past.IsAccepted)
            return _environment.Done("the data of the store are accepted already");
        _confirmation.Show(StoreView.Create(), standing);
        if (_confirmation.EndsWith(arguments, "would accept the loss", Question(standing)) is { } end)
            return end;
        return await store.Past.AcceptAsync(standing.Past.Identity, cancellationToken)
            ? _environment.Done("accepted the loss")
            : _environment.Fail("not accepted: the store has another identity by now; look again with 'ipamctl store show'", ExitCode.Refused);
    }

    private static string Question(StoreStanding standing) =>
        $"The addresses of containers on nodes that have not asserted their leases ({string.Join(", ", standing.Missing.DefaultIfEmpty("none is known"))}) may be handed out again. Accept that?";
}
