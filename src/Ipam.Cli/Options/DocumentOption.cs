using System.CommandLine;
using System.Text;
using Ipam.Cli.Terminal;

namespace Ipam.Cli.Options;

/// <summary>The option <c>-f</c>: a document, from a file or from the input.</summary>
internal sealed class DocumentOption : Option<string>
{
    public DocumentOption(string kind) : base("--file", "-f")
    {
        Description = $"The {kind} as a JSON document; - for the input.";
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
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"the file '{file}' can't be read: {e.Message}");
        }
    }
}
