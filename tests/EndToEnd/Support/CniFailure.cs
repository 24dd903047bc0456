namespace EndToEnd.Support;

/// <summary>An error object of the protocol.</summary>
internal sealed record CniFailure(int Code, string Message, string Details);
