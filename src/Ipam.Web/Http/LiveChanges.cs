using System.Text;
using Ipam.Core.Stores;
using Ipam.Web.Reading;

namespace Ipam.Web.Http;

/// <summary>
/// Tells browsers when the store has changed (server-sent events, WHATWG HTML section 9.2); their script then loads its page again. The looks are those that pages share, so that many who watch cost
/// the store as much as one.
/// </summary>
/// <param name="reads">Reads the store.</param>
/// <param name="gate">Knows who may look; null where anybody may.</param>
internal sealed class LiveChanges(StoreReads reads, Gate? gate)
{
    /// <summary>More than that many are told nothing: their pages work without.</summary>
    private const int Most = 64;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    /// <summary>So long at most; a browser then asks anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private int _watchers;

    /// <summary>Whether one more may watch.</summary>
    public bool HasRoom => Volatile.Read(ref _watchers) < Most;

    /// <summary>Tells until the browser goes, or the program stops, or its viewer may look no more.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        // Proxies that collect an answer before they pass it on, as nginx does, would tell of nothing.
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        end.CancelAfter(Longest);
        Interlocked.Increment(ref _watchers);
        try
        {
            await TellAsync(context, end.Token);
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task TellAsync(HttpContext context, CancellationToken cancellationToken)
    {
        for (string? told = null; ; await Task.Delay(Between, reads.Time, cancellationToken))
        {
            if (await MarkAsync(context, cancellationToken) is not { } mark)
                return;
            // A comment keeps proxies from ending what seems idle.
            var text = mark == told ? ": the same\n\n" : $"event: {(told is null ? "begun" : "change")}\ndata: {mark}\n\n";
            told = mark;
            await context.Response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
        }
    }

    /// <summary>A digest of what the store has; null if the viewer may not know. One that can't be read is another one than any that can.</summary>
    private async Task<string?> MarkAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            return gate is not null && await gate.RefusalAsync(context.Request, cancellationToken) is not null ? null : (await reads.SummaryAsync(cancellationToken)).Mark;
        }
        catch (Exception e) when (e is StoreException or TimeoutException)
        {
            return "unreadable";
        }
    }
}
