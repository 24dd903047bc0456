using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Ipam.Core.History;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.History;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.History;

/// <summary>
/// Asks every node that says in its Lease where it serves its history. A node gets a token that is good for nothing else, so that none can ask the API server with what
/// others show it.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="space">Gives the namespace of the account that nodes are asked by.</param>
/// <param name="nodes">The nodes.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeHistories(Func<IKubernetesClient> client, Func<string> space, INodeRegistry nodes, TimeProvider time) : INodeHistories
{
    private const int MostAtOnce = 32;
    private const int LongestReason = 500;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private volatile Token? _token;

    /// <inheritdoc/>
    public async Task<NodeAnswers> FindAsync(HistoryQuestion question, CancellationToken cancellationToken)
    {
        var entries = await nodes.ListAsync(cancellationToken);
        var missing = new ConcurrentBag<SilentNode>(entries.Where(static entry => !Serves(entry)).Select(static entry => new SilentNode(entry.Node, WhyNot(entry))));
        var serving = entries.Where(Serves).ToList();
        if (serving.Count == 0)
            return new NodeAnswers([], [.. missing]);
        var events = new ConcurrentBag<IReadOnlyList<LeaseEvent>>();
        try
        {
            var query = HistoryProtocol.Write(question);
            using var http = Connect(await TokenAsync(cancellationToken));
            await Parallel.ForEachAsync(serving, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken }, async (entry, end) =>
            {
                try
                {
                    events.Add(await AskAsync(http, entry, query, end));
                }
                catch (Exception e) when (!end.IsCancellationRequested && e is HttpRequestException or OperationCanceledException or InvalidDataException or ArgumentException or ArithmeticException)
                {
                    missing.Add(new SilentNode(entry.Node, Why(e)));
                }
            });
        }
        catch (StoreException e) when (e.IsRefusal)
        {
            // What others tell, this machine's file for one, is told all the same.
            foreach (var entry in serving)
                missing.Add(new SilentNode(entry.Node, e.Message));
        }
        return new NodeAnswers([.. events.SelectMany(static of => of)], [.. missing]);
    }

    private static bool Serves(NodeEntry entry) => !entry.HasStopped && entry.HistoryAt.Length > 0;

    private static string WhyNot(NodeEntry entry) => entry.HasStopped ? "its ipamd is stopped" : "its ipamd doesn't serve it (--serve-history); ask on the node";

    private static HttpClient Connect(string token)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = ConnectPatience };
        return new HttpClient(handler)
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = HistoryProtocol.MostBytes,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
    }

    private static async Task<IReadOnlyList<LeaseEvent>> AskAsync(HttpClient http, NodeEntry entry, string query, CancellationToken cancellationToken)
    {
        // An address, never a name that could lead anywhere.
        if (!IPEndPoint.TryParse(entry.HistoryAt, out var endpoint))
            throw new InvalidDataException($"'{entry.HistoryAt}' is not ADDRESS:PORT");
        using var answer = await http.GetAsync(new Uri($"http://{endpoint}{HistoryProtocol.Path}{query}"), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidDataException($"it answered {(int)answer.StatusCode}: {Short(await answer.Content.ReadAsStringAsync(cancellationToken))}");
        if (answer.Content.Headers.ContentType?.MediaType != HistoryProtocol.ContentType)
            throw new InvalidDataException($"it answered {answer.Content.Headers.ContentType}, and {HistoryProtocol.ContentType} was expected; is it an ipamd?");
        return HistoryProtocol.Read(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static string Short(string text) => (text.Length > LongestReason ? text[..LongestReason] : text).Trim();

    private static string Why(Exception e) => e switch
    {
        OperationCanceledException => $"no answer within {Patience.TotalSeconds:0} s",
        HttpRequestException { InnerException: SocketException inner } => $"it can't be reached from here ({inner.Message}); ask on the node, or in the cluster",
        _ => StoredData.Why(e),
    };

    /// <summary>A token that is good for half of its time at least.</summary>
    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (_token is { } kept && time.GetElapsedTime(kept.MadeAt) < HistoryTokenKind.Lifetime / 2)
            return kept.Text;
        var madeAt = time.GetTimestamp();
        var token = await client().AskAsync(new HistoryTokenKind(space()), HistoryProtocol.Audience, cancellationToken);
        _token = new Token(token, madeAt);
        return token;
    }

    private sealed record Token(string Text, long MadeAt);
}
