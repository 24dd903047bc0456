using Ipam.Core.Stores;
using Ipam.Stores;

namespace Ipam.Cli.Terminal;

/// <summary>All that ipamctl touches outside of itself.</summary>
internal sealed record CliEnvironment
{
    private readonly bool _showsProgress;

    /// <summary>Where data goes.</summary>
    public required Stream Output { get; init; }

    /// <summary>Where a document comes from that is read from "-".</summary>
    public required Stream Input { get; init; }

    /// <summary>Where messages and questions go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Reads the answer to a question, null at the end of input; is itself null where nobody can be asked.</summary>
    public required Func<string?>? ReadAnswer { get; init; }

    /// <summary>Whether messages go to a terminal, where a line may be written over, and are wanted.</summary>
    public required bool ShowsProgress
    {
        get => _showsProgress && !IsQuiet;
        init => _showsProgress = value;
    }

    /// <summary>Whether what was done is not to be told. Set once, when the command line is read.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Looks up the terminal that data go to; is itself null where they go elsewhere.</summary>
    public Func<Screen>? Screen { get; init; }

    /// <summary>The value of an environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Looks up who runs it, for the reason of a change.</summary>
    public required Func<string> User { get; init; }

    /// <summary>The store of a URL, not yet open; throws <see cref="FormatException"/> if the URL names none.</summary>
    public required Func<string, IIpamStore> CreateStore { get; init; }

    /// <summary>The same for a store that is made, or upgraded, when it is opened.</summary>
    public Func<string, IIpamStore> CreateNewStore { get; init; } = static url => StoreFactory.Create(url, TimeProvider.System);

    /// <summary>The configuration file to read if no other is named; need not be there.</summary>
    public required string ConfigurationFile { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Says in one line what was done, unless nobody wants to know, and returns the exit code for it.</summary>
    public int Done(string message) => IsQuiet ? ExitCode.Ok : Answer(message);

    /// <summary>Says in one line what was asked for, and returns the exit code for it.</summary>
    public int Answer(string message)
    {
        using var output = new StreamWriter(Output, leaveOpen: true);
        output.WriteLine(PrintableText.Of(message));
        return ExitCode.Ok;
    }

    /// <summary>Says in one line what is worth knowing beside the result.</summary>
    public void Note(string message) => Error.WriteLine($"ipamctl: {PrintableText.Of(message)}");

    /// <summary>Names what is damaged in the store and so isn't among what was shown, and returns the exit code.</summary>
    public int Shown(params IEnumerable<string> damaged)
    {
        var exitCode = ExitCode.Ok;
        foreach (var why in damaged.Distinct())
            exitCode = Fail($"not shown: {why}", ExitCode.Damaged);
        return exitCode;
    }

    /// <summary>Says in one line why it didn't work, and returns <paramref name="exitCode"/>.</summary>
    public int Fail(string message, int exitCode)
    {
        Note(message);
        return exitCode;
    }
}
