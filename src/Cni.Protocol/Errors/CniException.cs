namespace Cni.Protocol;

/// <summary>A fault that has its place in the protocol: the plugin's edge prints <see cref="Error"/> and exits with 1.</summary>
public sealed class CniException : Exception
{
    /// <summary>Wraps an error object, for instance one that a delegate returned.</summary>
    public CniException(CniError error)
        : base(Describe(error)) => Error = error;

    /// <summary>An error with its code (<see cref="CniErrorCode"/>), message and optional details.</summary>
    public CniException(int code, string message, string details = "")
        : this(new CniError(code, message, details))
    {
    }

    /// <summary>The error object to print.</summary>
    public CniError Error { get; }

    private static string Describe(CniError error) =>
        error.Details.Length == 0 ? error.Message : $"{error.Message}; {error.Details}";
}
