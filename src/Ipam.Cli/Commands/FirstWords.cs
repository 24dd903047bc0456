namespace Ipam.Cli.Commands;

/// <summary>What people type before they know better: other programs have commands for help and for their version.</summary>
internal static class FirstWords
{
    /// <summary>The command line that is meant.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> arguments) => arguments switch
    {
        ["help", ..] => [.. arguments.Skip(1), "--help"],
        ["version"] => ["--version"],
        _ => arguments,
    };
}
