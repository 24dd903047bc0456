using System.Net.Sockets;
using Ipam.Web.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ipam.Web.Http;

/// <summary>The web server.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int MostConnections = 256;
    private const int MostHeaders = 32 << 10;
    private const int MostLine = 8 << 10;

    /// <summary>A form has a token, and no more.</summary>
    private const int MostBody = 16 << 10;

    private static readonly TimeSpan FinishInFlight = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;

    /// <param name="options">What it is told.</param>
    /// <param name="site">Answers requests.</param>
    public WebServer(WebOptions options, Site site)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = FinishInFlight);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaders;
            kestrel.Limits.MaxRequestLineSize = MostLine;
            kestrel.Limits.MaxRequestBodySize = MostBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Listen(options.Listen, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        _application = builder.Build();
        _application.Run(site.AnswerAsync);
    }

    /// <summary>Where the first page is, once it is started.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">It can't.</exception>
    public async Task StartAsync(string basePath, CancellationToken cancellationToken)
    {
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
        var address = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Url = $"{address}{basePath}/";
    }

    /// <summary>Serves until it is told to stop.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _application.WaitForShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
