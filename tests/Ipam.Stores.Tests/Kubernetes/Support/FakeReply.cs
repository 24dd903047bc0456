namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>What a <see cref="FakeApi"/> does with a request.</summary>
/// <param name="Status">The status to answer with; 0 to close the connection without an answer.</param>
/// <param name="Body">The answer's body.</param>
/// <param name="RetryAfter">The header of that name; null for none.</param>
/// <param name="StaysOpen">Whether the answer doesn't end until the server does.</param>
internal sealed record FakeReply(int Status, string Body = "{}", string? RetryAfter = null, bool StaysOpen = false)
{
    /// <summary>The connection breaks.</summary>
    public static FakeReply Cut { get; } = new(0);

    /// <summary>No answer comes.</summary>
    public static FakeReply Silence { get; } = new(0, StaysOpen: true);

    /// <summary>A Status object.</summary>
    public static FakeReply Refusal(int status, string message, string name = "", string? continueWith = null, string? retryAfter = null) => new(
        status,
        $$"""
        {"kind":"Status","apiVersion":"v1","metadata":{"continue":"{{continueWith}}"},"status":"Failure","message":"{{message}}",
         "details":{"name":"{{name}}"},"code":{{status}} }
        """,
        retryAfter);
}
