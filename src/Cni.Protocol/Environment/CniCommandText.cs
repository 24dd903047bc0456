namespace Cni.Protocol;

/// <summary>CNI_COMMAND's text: exact and upper case.</summary>
public static class CniCommandText
{
    /// <summary>The text of a verb.</summary>
    public static string Text(this CniCommand command) => command switch
    {
        CniCommand.Add => "ADD",
        CniCommand.Del => "DEL",
        CniCommand.Check => "CHECK",
        CniCommand.Status => "STATUS",
        CniCommand.Gc => "GC",
        CniCommand.Version => "VERSION",
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    /// <summary>The verb of a text, or null for any other text.</summary>
    public static CniCommand? TryParse(string text) => text switch
    {
        "ADD" => CniCommand.Add,
        "DEL" => CniCommand.Del,
        "CHECK" => CniCommand.Check,
        "STATUS" => CniCommand.Status,
        "GC" => CniCommand.Gc,
        "VERSION" => CniCommand.Version,
        _ => null,
    };

    /// <summary>The verb of a text. Throws <see cref="CniException"/>, code 4, for any other text.</summary>
    public static CniCommand Parse(string text) => TryParse(text)
        ?? throw new CniException(CniErrorCode.InvalidEnvironment, $"unknown CNI_COMMAND: {text}",
            "wanted one of ADD, DEL, CHECK, STATUS, GC, VERSION, in upper case");

    /// <summary>Whether the verb is about one attachment: it needs a container id and an interface name.</summary>
    internal static bool IsAboutAttachment(this CniCommand command) =>
        command is CniCommand.Add or CniCommand.Del or CniCommand.Check;
}
