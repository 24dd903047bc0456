using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Service.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Console;

namespace Ipam.Service.Http;

/// <summary>The web server, and the log.</summary>
internal static class Listener
{
    /// <summary>Connections over TCP at a time and port: probes, a few scrapers, and who asks for the history.</summary>
    private const int MostOverTcp = 64;

    /// <summary>The largest network configuration that is read.</summary>
    private const long MaxBody = 4 << 20;

    /// <summary>Room for variables of any length that a plugin could be given (execve(2): 128 KiB each), percent-encoded.</summary>
    private const int MaxHeaders = 1 << 20;

    /// <summary>A quotation mark is \", and not \u0022.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan FinishInFlight = TimeSpan.FromSeconds(15);

    /// <summary>A host with a log: a <see cref="WebApplication"/>, unless there is nowhere to serve anything.</summary>
    /// <param name="options">What the service is told.</param>
    /// <param name="inherited">The socket to serve, if it is there already.</param>
    public static IHost Build(ServiceOptions options, InheritedSocket? inherited)
    {
        if (options is { Role: ServiceRole.Controller, Listen: null })
            return BuildSilent(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLogging(builder.Logging, options);
        AddPatience(builder.Services);
        // A request waits for the store in any case, and then without a thread: a thread of its own for every step only costs.
        builder.Services.Configure<SocketTransportOptions>(static transport => transport.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseKestrelCore().ConfigureKestrel((_, kestrel) => Configure(kestrel, options, inherited));
        return builder.Build();
    }

    /// <summary>The web server would choose a port by itself.</summary>
    private static IHost BuildSilent(ServiceOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        AddLogging(builder.Logging, options);
        AddPatience(builder.Services);
        return builder.Build();
    }

    private static void AddPatience(IServiceCollection services) => services.Configure<HostOptions>(static host => host.ShutdownTimeout = FinishInFlight);

    private static void AddLogging(ILoggingBuilder logging, ServiceOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning)
            // What the web server warns of, callers do: requests that end half way, in its words an exception with its stack. The verb has a line for each.
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error)
            // That the host could not start is for the program to say, which knows whether it was told to stop.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Whoever reads the log too slowly misses lines. Nobody else waits for him.
        const string timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";
        if (options.LogJson)
            logging.AddJsonConsole(json => (json.TimestampFormat, json.UseUtcTimestamp, json.JsonWriterOptions) = (timestamp, true, Readable));
        else
            logging.AddSimpleConsole(text => (text.TimestampFormat, text.UseUtcTimestamp, text.SingleLine) = (timestamp + " ", true, true));
        logging.AddConsoleFormatter<SafeTextFormatter, ConsoleFormatterOptions>().AddConsoleFormatter<SafeJsonFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(console =>
        {
            console.FormatterName = options.LogJson ? SafeJsonFormatter.Title : SafeTextFormatter.Title;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    private static void Configure(KestrelServerOptions kestrel, ServiceOptions options, InheritedSocket? inherited)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
        // VerbEndpoint has a deadline for the whole request.
        kestrel.Limits.MinRequestBodyDataRate = null;
        if (options.Role != ServiceRole.Controller)
        {
            if (inherited is null)
                kestrel.ListenUnixSocket(options.Socket, ForPlugins);
            else
                kestrel.ListenHandle(inherited.Handle, ForPlugins);
        }
        if (options.Listen is { } endpoint)
            kestrel.Listen(endpoint, ForAnybody);
        // On all addresses: that of the option is how others reach this one, which may lead through somebody who changes it.
        if (options.ServeHistory is { } history)
            kestrel.ListenAnyIP(history.Port, ForAnybody);
    }

    private static void ForAnybody(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(new ConnectionLimit(MostOverTcp).Before);
    }

    private static void ForPlugins(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        var log = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("ipamd");
        listen.Use(next => PeerCheck.Before(next, log));
    }
}
