using System.ComponentModel;

namespace Cni.Protocol;

/// <summary>
/// Sentences for exceptions that were not made for people: plugins are built without the framework's texts, so that an exception's message may be
/// the name of a text and not the text.
/// </summary>
public static class Fault
{
    /// <summary>Why reading or writing failed, in the system's words: <c>No space left on device (28)</c>.</summary>
    public static string Reason(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        PathTooLongException => "the path is too long",
        { InnerException: IOException inner } => Reason(inner),
        // On Unix an IOException that comes from a system call carries its error number here.
        IOException { HResult: > 0 and var errno } => $"{new Win32Exception(errno).Message} ({errno})",
        UnauthorizedAccessException => "permission denied",
        _ => IsSentence(fault.Message) ? fault.Message : $"it failed with {fault.GetType().Name}",
    };

    /// <summary>An error object, code 999, for what nobody expected.</summary>
    public static CniError Unexpected(Exception fault) => new(
        CniErrorCode.Internal,
        IsSentence(fault.Message) ? $"{fault.GetType().Name}: {fault.Message}" : $"unexpected fault in the plugin: {fault.GetType().Name}",
        "this is a fault of the plugin; please report it with the configuration");

    // A text's name is one word with underscores, and what would be put into the text stands behind it after commas.
    private static bool IsSentence(string message)
    {
        var end = message.AsSpan().IndexOfAny(' ', ',');
        var word = end < 0 ? message : message[..end];
        return word.Length > 0 && !word.Contains('_') && (end < 0 || message[end] == ' ' || message.Contains(' '));
    }
}
