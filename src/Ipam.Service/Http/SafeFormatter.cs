using Ipam.Core.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ipam.Service.Http;

/// <summary>
/// Writes a line of the log as one of the framework's formatters does, but what controls a terminal, breaks the line or reorders it as <c>\uXXXX</c>: texts of
/// requests are in it.
/// </summary>
internal abstract class SafeFormatter(string name, string inner, IServiceProvider services) : ConsoleFormatter(name)
{
    private ConsoleFormatter? _inner;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // Not in the constructor: this formatter is one of them.
        _inner ??= services.GetServices<ConsoleFormatter>().First(formatter => formatter.Name == inner);
        using var line = new StringWriter();
        _inner.Write(logEntry, scopeProvider, line);
        if (line.ToString().TrimEnd('\n') is { Length: > 0 } text)
            textWriter.WriteLine(UnsafeCharacter.Escape(text));
    }
}
