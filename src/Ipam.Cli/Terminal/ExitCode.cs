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

    /// <summary>The codes in words, for help.</summary>
    public const string Help =
        """
        Exit codes:
          0  done
          1  it can't be done: the store, a file, ipamd or writing the output failed
          2  wrong options or configuration
          3  there is no such thing
          4  refused or declined: nothing was changed
          5  shown or done, but for what is damaged in the store: it is named on standard error
          6  not all was released: a list of nodes or pods is not believed
          7  another collection is under way
          8  check, status, doctor, explain, next: something is wrong
          9  repair: not all that the reports name was released, as it isn't found leaked now;
             lease release: not all was released, as owners live or a lease is another one by now
         10  import: a part was taken over, and the rest not: each address says why
        """;
}
