using System.Diagnostics;

namespace EndToEnd.Newcomers;

/// <summary>One who does what a document says, by a script of eng/.</summary>
internal static class Follower
{
    /// <summary>Runs the script with a variable set to 1; returns what it printed.</summary>
    public static string Follow(string script, string variable, TimeSpan patience)
    {
        var start = new ProcessStartInfo(RepositoryRoot.PathOf($"eng/{script}"));
        start.Environment[variable] = "1";
        var followed = Command.Run(start, "", patience);
        Assert.True(followed.ExitCode == 0, followed.ToString());
        return followed.Stdout;
    }
}
