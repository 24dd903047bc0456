using System.Diagnostics;

namespace Ipam.Plugin.Tests.Support;

/// <summary>The plugin as users get it.</summary>
internal static class Published
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it by a shell.</summary>
    /// <param name="redirections">What the shell does with its standard streams, as <c>&gt;&amp;-</c>.</param>
    /// <param name="variables">The CNI_* variables.</param>
    /// <param name="stdin">The configuration.</param>
    public static CommandOutcome Run(string redirections, IReadOnlyDictionary<string, string?> variables, string stdin)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {Programs.Find("ipam")} {redirections}"]);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Command.Run(start, stdin, Patience);
    }
}
