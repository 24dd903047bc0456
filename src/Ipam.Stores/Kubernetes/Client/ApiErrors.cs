using System.Globalization;
using System.Net;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;
using Ipam.Stores.Kubernetes.Access;

namespace Ipam.Stores.Kubernetes.Client;

/// <summary>Says what went wrong with a request, and what to do about it.</summary>
/// <param name="server">The server, as in messages.</param>
internal sealed class ApiErrors(string server)
{
    /// <summary>The server answered, but didn't grant the request.</summary>
    public StoreException Refused(ApiRequest request, ApiAnswer answer) => Refused(request, answer.Status, ApiStatus.Parse(answer.Body.Span).Message);

    /// <summary>The server answered with this status and these words.</summary>
    public StoreException Refused(ApiRequest request, HttpStatusCode status, string said)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        return new StoreException(status switch
        {
            HttpStatusCode.Unauthorized =>
                $"{server} doesn't accept our credentials ({said}); check the token or the client certificate",
            HttpStatusCode.Forbidden =>
                $"{server} doesn't let us {request.Verb} {request.Kind} ({said}); grant it: bind a role of deploy/kubernetes/rbac to the user that the message names; 'kubectl apply -f deploy/kubernetes/rbac' makes the roles where there are none",
            HttpStatusCode.NotFound =>
                $"{server} doesn't know {request.Kind} ({said}); define it with 'kubectl apply -f {request.Kind.DefinedBy}'",
            HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest =>
                $"{server} finds fault with what we {request.Verb} of {request.Kind}: {said}; do {request.Kind.DefinedBy} and this program have the same version?",
            HttpStatusCode.RequestEntityTooLarge =>
                $"{server} takes no object of this size to {request.Verb} {request.Kind}: {said}; names of this length don't fit a block",
            HttpStatusCode.TooManyRequests =>
                $"{server} is too busy to {request.Verb} {request.Kind} ({said}); try again later, or give the service more priority (FlowSchema)",
            _ => $"{server} failed to {request.Verb} {request.Kind} with status {code} ({said}); look at its log",
        })
        {
            IsRefusal = (int)status is >= 400 and < 500,
        };
    }

    /// <summary>The server could not be reached, or the connection broke.</summary>
    public StoreException Unreachable(ApiRequest request, Exception cause) =>
        new($"{server} can't be reached to {request.Verb} {request.Kind}: {Innermost(cause)}; check that it is up and that its address is right", cause);

    /// <summary>The server didn't answer in time, or there was no credential in time to ask it with.</summary>
    public StoreException Late(ApiRequest request, TimeSpan timeout, Exception cause) => new(
        cause is CredentialWaitException
            ? string.Create(CultureInfo.InvariantCulture,
                $"{server} wasn't asked to {request.Verb} {request.Kind}, there was no credential within {timeout.TotalSeconds:0.#} s: {cause.Message}")
            : string.Create(CultureInfo.InvariantCulture,
                $"{server} didn't answer within {timeout.TotalSeconds:0.#} s to {request.Verb} {request.Kind}; check that it is up and not overloaded"),
        cause);

    /// <summary>The server's answer makes no sense.</summary>
    public StoreException Unreadable(ApiRequest request, Exception cause) =>
        new($"{server} answered what can't be read when asked to {request.Verb} {request.Kind}: {StoredData.Why(cause)}; is it a Kubernetes API server?", cause);

    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e.Message;
    }
}
