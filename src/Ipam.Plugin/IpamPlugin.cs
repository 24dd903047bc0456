using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Plugin.Probing;
using Ipam.Plugin.Service;

namespace Ipam.Plugin;

/// <summary>
/// The IPAM plugin: hands each call to the service on this machine and prints its answer. It knows nothing of addresses. Only a DEL is
/// ever kept back: if the service can't take it now, it is written down, and the service carries it out later.
/// </summary>
internal sealed class IpamPlugin : ICniPlugin
{
    private const string DefaultSocket = "/run/ipam/ipamd.sock";
    private const string AddPath = "/cni/add";
    private const string DefaultSpool = "/var/lib/ipam/spool";
    private const string Version = "0.1.0";

    private static readonly ConfigurationKey SocketKey = new("ipam", "socket");
    private static readonly ConfigurationKey SpoolKey = new("ipam", "spool");
    private static readonly ConfigurationKey WaitKey = new("ipam", "wait", JsonValueKind.Number);
    private static readonly ConfigurationKey[] AllKeys = [SocketKey, SpoolKey, WaitKey, ProbeSettings.ProbeKey, ProbeSettings.InterfaceKey];

    /// <summary>An ipamd that is replaced is back by then. Runtimes are more patient than the longest.</summary>
    private const double DefaultWait = 5;
    private const double LongestWait = 15;

    /// <summary>Longer than ipamd's own limit, so that its error is seen and not ours.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>A DEL needn't wait: it can be carried out later.</summary>
    private static readonly TimeSpan DelPatience = TimeSpan.FromSeconds(8);

    public string About => $"CNI ipam plugin {Version} (IpamSuite)";

    public ReadOnlySpan<ConfigurationKey> Keys => AllKeys;

    public ReadOnlyMemory<byte> Add(PluginRequest request)
    {
        var marked = Marked(request);
        if (ProbeSettings.Read(request) is not { } probe)
            return AskPatiently(marked, AddPath, CniErrorCode.TryAgainLater);
        var addition = new ProbedAddition(
            probe, request.Version, (inUse, patience) => Ask(marked, AddPath, CniErrorCode.TryAgainLater, patience, Wait(request), inUse), giveBack: () => Del(request));
        return addition.Run(Patience);
    }

    public ReadOnlyMemory<byte> Check(PluginRequest request) => AskPatiently(Marked(request), "/cni/check", CniErrorCode.TryAgainLater);

    public ReadOnlyMemory<byte> Status(PluginRequest request) => AskPatiently(request, "/cni/status", CniErrorCode.NotAvailable);

    public ReadOnlyMemory<byte> Gc(PluginRequest request) => AskPatiently(request, "/cni/gc", CniErrorCode.TryAgainLater);

    public ReadOnlyMemory<byte> Del(PluginRequest request)
    {
        var askedAt = Stopwatch.GetTimestamp();
        try
        {
            return Ask(request, "/cni/del", CniErrorCode.TryAgainLater, DelPatience, TimeSpan.Zero).Body;
        }
        catch (CniException e) when (e.Error.Code == CniErrorCode.TryAgainLater)
        {
            WriteDown(request, askedAt, e.Error);
            return default;
        }
    }

    /// <summary>A path is handed out again, and ipamd may not see it from where it runs: the plugin says which namespace it is.</summary>
    private static PluginRequest Marked(PluginRequest request) => request with { Namespace = NamespaceMark.Of(request.Environment.NetNs) };

    /// <summary>For the verbs that may be asked twice: the service answers them as it did, if it had done what it was asked.</summary>
    private static ReadOnlyMemory<byte> AskPatiently(PluginRequest request, string path, int codeWhenUnreachable) =>
        Ask(request, path, codeWhenUnreachable, Patience, Wait(request)).Body;

    private static TimeSpan Wait(PluginRequest request)
    {
        if (request.Head.Text(WaitKey) is not { } text)
            return TimeSpan.FromSeconds(DefaultWait);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= LongestWait
            ? TimeSpan.FromSeconds(seconds)
            : throw new CniException(CniErrorCode.InvalidNetworkConfig, $"ipam: wait is {text}, wanted is a number of seconds from 0 to {LongestWait}");
    }

    private static ServiceAnswer Ask(
        PluginRequest request, string path, int codeWhenUnreachable, TimeSpan patience, TimeSpan wait, IReadOnlyList<AddressInUse>? inUse = null)
    {
        var socket = request.Head.Text(SocketKey) is { Length: > 0 } configured ? configured : DefaultSocket;
        ServiceAnswer answer;
        try
        {
            answer = ServiceClient.Post(socket, RequestBytes.Of(path, request, inUse ?? []), patience, wait);
        }
        catch (ServiceUnreachableException e)
        {
            throw new CniException(codeWhenUnreachable, $"ipamd can't be reached at {socket}: {e.Message}",
                "start ipamd ('systemctl start ipamd'), or set ipam.socket in the configuration to the path it serves");
        }
        if (answer.IsSuccess)
            return answer with { Body = Checked(answer.Body, path, socket) };
        throw new CniException(CniError.TryParse(answer.Body.Span)?.Or($"ipamd at {socket} answered with HTTP status {answer.Status} and an error without a message")
            ?? new CniError(CniErrorCode.Internal, $"ipamd at {socket} answered with HTTP status {answer.Status} and no error object"));
    }

    // What a runtime gets must be a result. Only ADD has one.
    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> body, string path, string socket)
    {
        if (body.IsEmpty ? path != AddPath : CniResult.IsObject(body.Span))
            return body;
        throw new CniException(
            CniErrorCode.Internal, $"ipamd at {socket} answered with success and without a result",
            "something else serves this path, or an ipamd of another version");
    }

    private static void WriteDown(PluginRequest request, long askedAt, CniError obstacle)
    {
        var folder = request.Head.Text(SpoolKey) is { Length: > 0 } configured ? configured : DefaultSpool;
        // The runtime's own folder is any: nobody would find the release there.
        if (!folder.StartsWith('/') || folder.Contains('\0'))
            throw NotWritten("it is no absolute path");
        try
        {
            new SpoolFolder(folder).Write(
                new SpooledRequest(request.Head.Name, request.Environment, request.Stdin, TimeProvider.System.GetUtcNow())
                {
                    Asked = request.Asked ?? new MonotonicMoment(MonotonicMoment.ThisClock(), askedAt),
                });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(Fault.Reason(e));
        }

        CniException NotWritten(string reason) =>
            new(obstacle with { Details = $"and the release can't be written to {folder} for later: {reason}" });
    }
}
