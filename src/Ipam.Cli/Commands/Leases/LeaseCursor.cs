using System.CommandLine;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Leases;

/// <summary>The option <c>--after</c>: where a list goes on that <c>--limit</c> ended. (It holds text for the same reason as other options.)</summary>
internal sealed class LeaseCursor : Option<string>
{
    public LeaseCursor() : base("--after")
    {
        Description = "Only leases behind this one in the list, which need not be there any more: where --limit ended.";
        HelpName = "SPACE/ADDRESS";
        Validators.Add(static result =>
        {
            if (Read(result.Tokens[0].Value) is null)
                result.AddError($"--after '{result.Tokens[0].Value}' must be a space and an address, as default/10.1.0.17 is.");
        });
    }

    /// <summary>The text for a lease.</summary>
    public static string Of(Lease lease) => $"{lease.Space}/{lease.Address}";

    /// <summary>Those behind the place.</summary>
    public async IAsyncEnumerable<Lease> SkipAsync(ParseResult arguments, IAsyncEnumerable<Lease> leases)
    {
        var place = arguments.GetValue(this) is { } text ? Read(text) : null;
        await foreach (var lease in leases)
        {
            if (place is not { } given || IsBehind(lease, given.Space, given.Address))
                yield return lease;
        }
    }

    private static bool IsBehind(Lease lease, string space, Address address) =>
        string.CompareOrdinal(lease.Space, space) is var order && (order > 0 || (order == 0 && lease.Address > address));

    private static (string Space, Address Address)? Read(string text) =>
        text.Split('/') is [{ Length: > 0 } space, var address] && Address.TryParse(address, out var found) ? (space, found) : null;
}
