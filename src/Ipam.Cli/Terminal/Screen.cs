namespace Ipam.Cli.Terminal;

/// <summary>The terminal that data go to.</summary>
/// <param name="Width">How many characters fit into a line.</param>
/// <param name="HasStyles">Whether titles may be bold.</param>
internal sealed record Screen(int Width, bool HasStyles)
{
    private const int UsualWidth = 80;

    /// <summary>The terminal of this process. <c>NO_COLOR</c> (no-color.org) with any text, and a dumb terminal, switch off styles.</summary>
    /// <param name="variable">The value of an environment variable.</param>
    public static Screen OfThisProcess(Func<string, string?> variable)
    {
        var width = Console.WindowWidth;
        return new Screen(width > 0 ? width : UsualWidth, variable("NO_COLOR") is not { Length: > 0 } && variable("TERM") is { Length: > 0 } and not "dumb");
    }
}
