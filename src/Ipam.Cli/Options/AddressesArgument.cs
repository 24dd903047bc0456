using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Core.Addresses;
using IpamSuite.Shared;

namespace Ipam.Cli.Options;

/// <summary>The argument ADDRESS..., or <c>-</c> for addresses from the input. (It holds text for the same reason as <see cref="OutputOption"/>.)</summary>
internal sealed class AddressesArgument : Argument<string[]>
{
    private const string FromInput = "-";
    private const int MostCharacters = 16 << 20;

    public AddressesArgument(string description) : base("ADDRESS")
    {
        Description = description;
        Arity = ArgumentArity.ZeroOrMore;
        Validators.Add(static result =>
        {
            foreach (var text in result.Tokens.Select(static token => token.Value).Where(static text => text != FromInput && !Address.TryParse(text, out _)))
            {
                result.AddError(AddressRange.TryParse(text, out _)
                    ? $"'{text}' is not one address; 'ipamctl lease list {text} -o name' prints those that are held, and - takes them from the input."
                    : text.StartsWith('-') ? $"Unrecognized command or argument '{text}'."
                    : $"'{text}' is not an IP address; wanted is one like 10.0.0.5 or fd00::5.");
            }
        });
    }

    /// <summary>The addresses, each once, in their order.</summary>
    /// <exception cref="UsageException">A line of the input doesn't begin with an address.</exception>
    public async Task<IReadOnlyList<Address>> ReadAsync(ParseResult arguments, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var addresses = new List<Address>();
        foreach (var text in arguments.GetValue(this) ?? [])
        {
            if (text == FromInput)
                addresses.AddRange(await ReadLinesAsync(environment, cancellationToken));
            else
                addresses.Add(Address.Parse(text));
        }
        return [.. addresses.Distinct()];
    }

    /// <summary>What a line says after the address doesn't matter, so that a table may be piped.</summary>
    private static async Task<List<Address>> ReadLinesAsync(CliEnvironment environment, CancellationToken cancellationToken)
    {
        var addresses = new List<Address>();
        using var reader = new StreamReader(environment.Input, leaveOpen: true);
        var read = 0;
        for (var number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            read += line.Length;
            if (read > MostCharacters)
                throw new UsageException($"the input has more than {MostCharacters} characters, which is more than a list of addresses may have");
            if (line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is not [var first, ..] || first.StartsWith('#'))
                continue;
            addresses.Add(Address.TryParse(first, out var address)
                ? address
                : throw new UsageException($"line {number} of the input begins with '{(first.Length <= 64 ? first : first[..64])}', wanted is an address; 'ipamctl lease list -o name' prints such lines"));
        }
        return addresses;
    }
}
