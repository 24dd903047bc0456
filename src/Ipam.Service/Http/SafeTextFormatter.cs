using Microsoft.Extensions.Logging.Console;

namespace Ipam.Service.Http;

/// <summary>A line of text for each event.</summary>
internal sealed class SafeTextFormatter(IServiceProvider services) : SafeFormatter(Title, ConsoleFormatterNames.Simple, services)
{
    public const string Title = "safe-text";
}
