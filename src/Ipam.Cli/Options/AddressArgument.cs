using System.CommandLine;
using Ipam.Core.Addresses;

namespace Ipam.Cli.Options;

/// <summary>The argument ADDRESS. (It holds text for the same reason as <see cref="OutputOption"/>.)</summary>
internal sealed class AddressArgument : Argument<string>
{
    public AddressArgument() : base("ADDRESS")
    {
        Description = "An IPv4 or IPv6 address, without a prefix length.";
        Validators.Add(static result =>
        {
            var text = result.Tokens[0].Value;
            if (!Address.TryParse(text, out _))
                result.AddError($"'{text}' is not an IP address; wanted is one like 10.0.0.5 or fd00::5.");
        });
    }

    public Address Of(ParseResult arguments) => Address.Parse(arguments.GetRequiredValue(this));
}
