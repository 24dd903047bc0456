using System.CommandLine;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;

namespace Ipam.Cli.Commands.Blocks;

/// <summary>The argument BLOCK: a block as lists show it, or an address in it.</summary>
internal sealed class BlockArgument : Argument<string>
{
    public BlockArgument() : base("BLOCK")
    {
        Description = "A block as 'ipamctl block list' shows it, or an address in it.";
        Validators.Add(static result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is null)
                result.AddError($"'{text}' is no block; wanted is {BlockId.Size} addresses such as 10.1.0.64/26 or fd00::40/122, or an address in them.");
        });
    }

    /// <summary>The block in a space.</summary>
    public BlockId Of(ParseResult arguments, string space) => BlockId.Of(space, Read(arguments.GetRequiredValue(this))!.Value);

    /// <summary>An address in the block.</summary>
    private static Address? Read(string text)
    {
        if (Address.TryParse(text, out var address))
            return address;
        return Prefix.TryParse(text, out var prefix) && BlockId.Of("", prefix.First).Prefix == prefix ? prefix.First : null;
    }
}
