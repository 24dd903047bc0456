using Cni.Protocol;
using Ipam.Configuration.Ranges;
using Ipam.Core.Stores;
using Ipam.Service.Verbs;

namespace Ipam.Service.Http;

/// <summary>How faults appear to the caller.</summary>
internal static class VerbFault
{
    /// <param name="fault">The fault.</param>
    /// <param name="command">What was asked for.</param>
    /// <param name="timeout">The longest that a request may take.</param>
    /// <param name="callerIsGone">Whether the caller no longer waits, which cancels its request.</param>
    public static CniError ToError(Exception fault, CniCommand command, TimeSpan timeout, bool callerIsGone) => fault switch
    {
        CniException e => e.Error,
        StoreException e => new CniError(StoreFault(command), e.Message),
        OperationCanceledException when callerIsGone => new CniError(StoreFault(command), "the caller went away before ipamd had finished"),
        OperationCanceledException => new CniError(
            StoreFault(command),
            $"ipamd did not finish within {timeout.TotalSeconds:0.#} s",
            "its log and /metrics say what the store is doing; try again"),
        BadHttpRequestException e => new CniError(CniErrorCode.IOFailure, $"error reading the request: {e.Message}"),
        IOException e => new CniError(CniErrorCode.IOFailure, e.Message),
        _ => new CniError(CniErrorCode.Internal, $"internal error: {fault.Message}", "ipamd's log has the details"),
    };

    public static int ToStatus(int code) => code switch
    {
        CniErrorCode.TryAgainLater or CniErrorCode.NotAvailable or CniErrorCode.NotAvailableImpaired => StatusCodes.Status503ServiceUnavailable,
        CniErrorCode.Internal => StatusCodes.Status500InternalServerError,
        IpamErrorCode.Exhausted or IpamErrorCode.RequestRefused or IpamErrorCode.LeaseMissing => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    };

    private static int StoreFault(CniCommand command) => command == CniCommand.Status ? CniErrorCode.NotAvailable : CniErrorCode.TryAgainLater;
}
