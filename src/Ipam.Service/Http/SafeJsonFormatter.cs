using Microsoft.Extensions.Logging.Console;

namespace Ipam.Service.Http;

/// <summary>A JSON object for each event. Such characters can only be in its texts, where their escapes mean the same.</summary>
internal sealed class SafeJsonFormatter(IServiceProvider services) : SafeFormatter(Title, ConsoleFormatterNames.Json, services)
{
    public const string Title = "safe-json";
}
