namespace Ipam.Cli.Terminal;

/// <summary>What ipamctl exits with; a contract with scripts.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Refused = 4;
    public const int Damaged = 5;
    public const int Implausible = 6;
    public const int Locked = 7;
    public const int Found = 8;
    public const int NotConfirmed = 9;
    public const int Incomplete = 10;

    /// <summary>The codes in words, each at the place of its code.</summary>
    public static IReadOnlyList<string> Meanings { get; } =
    [
        "done",
        "it can't be done: the store, a file, ipamd or writing the output failed",
        "wrong options or configuration",
        "there is no such thing",
        "refused or declined: nothing was changed",
        "shown or done, but for what is damaged in the store: it is named on standard error",
        "not all was released, or shown as leaked: a list of nodes or pods is not believed",
        "another collection is under way",
        "check, status, doctor, explain, next: something is wrong",
        "repair: not all that the reports name was released, as it isn't found leaked now; lease release: not all was released, as owners live, are static, or a lease is another one by now",
        "import: a part was taken over, and the rest not: each address says why",
    ];
}
