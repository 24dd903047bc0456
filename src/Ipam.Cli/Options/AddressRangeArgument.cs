using System.CommandLine;
using Ipam.Core.Addresses;

namespace Ipam.Cli.Options;

/// <summary>The optional argument ADDRESSES. (It holds text for the same reason as <see cref="OutputOption"/>.)</summary>
internal sealed class AddressRangeArgument : Argument<string>
{
    public AddressRangeArgument(string description) : base("ADDRESSES")
    {
        Description = description;
        Arity = ArgumentArity.ZeroOrOne;
        Validators.Add(static result =>
        {
            if (result.Tokens is not [var token, ..] || AddressRange.TryParse(token.Value, out _))
                return;
            if (token.Value.StartsWith('-'))
                result.AddError($"Unrecognized command or argument '{token.Value}'.");
            else
                result.AddError($"'{token.Value}' names no addresses; wanted is an address, a network such as 10.1.0.0/24, or FIRST-LAST.");
        });
    }

    /// <summary>Null if it isn't given.</summary>
    public AddressRange? Of(ParseResult arguments) => AddressRange.TryParse(arguments.GetValue(this), out var range) ? range : null;
}
