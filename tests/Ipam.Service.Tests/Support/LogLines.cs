using Microsoft.Extensions.Logging;

namespace Ipam.Service.Tests.Support;

/// <summary>A log that keeps what is written.</summary>
internal sealed class LogLines : ILogger
{
    public List<string> Written { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Written)
            Written.Add(formatter(state, exception));
    }
}
