using System.CommandLine;
using System.Text;
using Ipam.Cli.Terminal;
using IpamSuite.Shared;

namespace Ipam.Cli.Options;

/// <summary>The option <c>-f</c>: a document, from a file or from the input.</summary>
internal sealed class DocumentOption : Option<string>
{
    /// <summary>Many times what a pool of thousands of ranges has.</summary>
    public const int MostCharacters = 16 << 20;

    public DocumentOption(string kind) : base("--file", "-f")
    {
        Description = $"The {kind} as a document in JSON or YAML; - for the input.";
        HelpName = "FILE|-";
    }

    /// <summary>The document; null if the option isn't given.</summary>
    /// <exception cref="UsageException">The file can't be read.</exception>
    public async Task<string?> ReadAsync(ParseResult arguments, CliEnvironment environment, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(this) is not { } file)
            return null;
        try
        {
            using var reader = file == "-" ? new StreamReader(environment.Input, Encoding.UTF8, leaveOpen: true) : new StreamReader(file, Encoding.UTF8);
            return await ReadAsync(reader, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            throw new UsageException($"the file '{file}' can't be read: {e.Message}");
        }
    }

    /// <summary>A pipe is fine, so the end is only known when it is there.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var piece = new char[4096];
        while (await reader.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (text.Append(piece, 0, count).Length > MostCharacters)
                throw new InvalidDataException($"it has more than {MostCharacters} characters, which is more than a document may have");
        }
        return text.ToString();
    }
}
