using System.Globalization;
using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Stores;
using Ipam.Service.Configuration;
using Ipam.Service.Metrics;
using Ipam.Service.Options;
using Ipam.Service.Spool;
using Ipam.Service.Verbs;

namespace Ipam.Service.Http;

/// <summary>
/// Serves a plugin's call: 200 with what the plugin prints, or another status with the CNI error object. The one place where faults
/// become errors of the protocol.
/// </summary>
internal sealed class VerbEndpoint(
    RequestReader reader, VerbTable verbs, Readiness readiness, SpooledReleases spooled, ServiceMetrics metrics, ServiceOptions options, TimeProvider time, ILogger log)
{
    /// <summary>The part of its time that a request may wait for a store that is being opened; the rest is for the work.</summary>
    private const double LongestWait = 0.75;

    public async Task ServeAsync(HttpContext http, CniCommand command)
    {
        var start = time.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        deadline.CancelAfter(options.RequestTimeout);
        VerbRequest? request = null;
        ReadOnlyMemory<byte> body = default;
        CniError? error = null;
        var isSpooled = false;
        try
        {
            request = await reader.ReadAsync(http, command, deadline.Token);
            // A release is written down at once. STATUS says itself how long there has been no store.
            if (command is not (CniCommand.Del or CniCommand.Status) && !await WaitForStoreAsync(request, deadline.Token))
            {
                // The plugin asks whoever serves the socket next.
                http.Abort();
                return;
            }
            body = await RunAsync(request, deadline.Token);
        }
#pragma warning disable CA1031 // A DEL whose request is valid is never lost, whatever went wrong.
        catch (Exception e) when (command == CniCommand.Del && request is not null && e is not CniException)
#pragma warning restore CA1031
        {
            error = VerbFault.ToError(e, command, options.RequestTimeout, http.RequestAborted.IsCancellationRequested);
            if (error.Code == CniErrorCode.Internal)
                Log.Failed(log, command.Text(), e);
            error = Spool(request, error);
            isSpooled = error is null;
        }
#pragma warning disable CA1031 // The one catch-all: whatever happened, the plugin gets an error object.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = VerbFault.ToError(e, command, options.RequestTimeout, http.RequestAborted.IsCancellationRequested);
            if (error.Code == CniErrorCode.Internal)
                Log.Failed(log, command.Text(), e);
        }
        var elapsed = time.GetElapsedTime(start);
        metrics.Served(command.Text(), isSpooled ? "spooled" : error?.Code.ToString(CultureInfo.InvariantCulture) ?? "ok", elapsed);
        Report(command, request, error, elapsed);
        MovedHeader.Write(http.Response.Headers, request?.Moved ?? []);
        await AnswerAsync(http, body, error);
    }

    private Task<bool> WaitForStoreAsync(VerbRequest request, CancellationToken cancellationToken) =>
        readiness.WaitAsync(IpamConfigurationReader.ReadWait(request.Network), options.RequestTimeout * LongestWait, time, cancellationToken);

    private Task<ReadOnlyMemory<byte>> RunAsync(VerbRequest request, CancellationToken cancellationToken)
    {
        if (request.Environment.Command != CniCommand.Status)
            readiness.Ensure();
        return verbs[request.Environment.Command].RunAsync(request, cancellationToken);
    }

    /// <summary>A release must not be lost. Returns an error only if it can't even be written down.</summary>
    private CniError? Spool(VerbRequest request, CniError obstacle)
    {
        try
        {
            spooled.Write(request.Environment, request.Network, request.ArrivedAt);
            Log.ReleaseSpooled(log, OwnerOf.Request(request), obstacle.Message);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return obstacle with { Details = $"and the release can't be written to {options.Spool} for later: {e.Message}" };
        }
    }

    private void Report(CniCommand command, VerbRequest? request, CniError? error, TimeSpan elapsed)
    {
        if (error is null && !log.IsEnabled(LogLevel.Debug))
            return;
        var (verb, network) = (command.Text(), request?.Network.Name ?? "-");
        var attachment = request?.Environment.Attachment ?? new CniAttachment("-", "-");
        if (error is null)
            Log.Served(log, verb, network, attachment.ContainerId, attachment.IfName, elapsed.TotalMilliseconds);
        else
            Log.Refused(log, verb, network, attachment.ContainerId, attachment.IfName, error.Code, new CniException(error).Message);
    }

    private static Task AnswerAsync(HttpContext http, ReadOnlyMemory<byte> body, CniError? error) => error is null
        ? Answer.WriteAsync(http, StatusCodes.Status200OK, Answer.Json, body)
        : Answer.WriteAsync(http, VerbFault.ToStatus(error.Code), Answer.Json, error.ToJson());
}
