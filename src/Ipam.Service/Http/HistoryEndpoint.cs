using System.Text;
using Ipam.Core.Stores;
using Ipam.Stores.History;
using IpamSuite.Shared.Viewers;

namespace Ipam.Service.Http;

/// <summary>
/// <c>GET /history</c>: what this node did to leases (<see cref="HistoryProtocol"/>), for who has a token of the cluster that was made for this and may list our objects.
/// </summary>
/// <param name="history">The history.</param>
/// <param name="viewers">Knows whose a token is.</param>
/// <param name="time">The clock.</param>
internal sealed class HistoryEndpoint(ILeaseHistory history, IViewers viewers, TimeProvider time) : IDisposable
{
    /// <summary>Questions at a time: each may read all that is kept, and asks the API server whose its token is.</summary>
    private const int MostAtOnce = 2;

    /// <summary>Less than the patience of who asks, so that the reason is known there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan ClusterPatience = TimeSpan.FromSeconds(4);

    private readonly KnownViewers _known = new(viewers, HistoryProtocol.Audience, ClusterPatience, time);
    private readonly SemaphoreSlim _turns = new(MostAtOnce);

    /// <summary>Serves it.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        const string only = $"GET {HistoryProtocol.Path}";
        if (http.Request.Path != HistoryProtocol.Path)
        {
            await RefuseAsync(http, StatusCodes.Status404NotFound, $"not found; there are {only}");
            return;
        }
        if (http.Request.Method != HttpMethods.Get)
        {
            await PageRouter.RefuseMethodAsync(http, HttpMethods.Get, only);
            return;
        }
        using var late = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        try
        {
            await AnswerAsync(http, end.Token);
        }
        catch (FormatException e)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (e is StoreException or TimeoutException)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, $"there was no answer within {Patience.TotalSeconds:0} s; ask for a shorter time, or again");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async Task AnswerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (BearerToken.Of(http.Request.Headers.Authorization is [var header] ? header : null) is not { } token)
        {
            await RefuseAsync(http, StatusCodes.Status401Unauthorized, $"a token of the cluster for {HistoryProtocol.Audience} is wanted");
            return;
        }
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await AnswerAsync(http, token, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task AnswerAsync(HttpContext http, string token, CancellationToken cancellationToken)
    {
        var viewer = await _known.AskAsync(token, cancellationToken);
        if (!viewer.MayLook)
        {
            await (viewer.User is { } user
                ? RefuseAsync(http, StatusCodes.Status403Forbidden, $"'{user}' may not list the ipblocks, ippools and ipreservations of the cluster")
                : RefuseAsync(http, StatusCodes.Status401Unauthorized, $"the cluster doesn't know this token, or not for {HistoryProtocol.Audience}, or its time is over"));
            return;
        }
        var question = HistoryProtocol.Read(key => http.Request.Query[key]);
        var answer = HistoryProtocol.Write(await history.FindAsync(question, cancellationToken));
        await (answer.Length <= HistoryProtocol.MostBytes
            ? Answer.WriteAsync(http, StatusCodes.Status200OK, HistoryProtocol.ContentType, answer)
            : RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, $"the answer has {answer.Length} bytes, and {HistoryProtocol.MostBytes} are sent at most; ask for a shorter time"));
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason) => http.Response.HasStarted
        ? Task.CompletedTask
        : Answer.WriteAsync(http, status, Answer.PlainText, Encoding.UTF8.GetBytes($"{reason}\n"));
}
