using System.CommandLine;
using System.Globalization;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Manual;

/// <summary><c>ipamctl manual pages DIR</c>.</summary>
internal sealed class ManualPagesCommand : Verb
{
    /// <summary>The moment that builds use to be repeatable: https://reproducible-builds.org/specs/source-date-epoch</summary>
    private const string Epoch = "SOURCE_DATE_EPOCH";

    private readonly CliEnvironment _environment;
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder to write them into; it is made if it isn't there." };

    public ManualPagesCommand(CliEnvironment environment)
        : base("pages", $"Writes a page for man(1) for each command, with the date of {Epoch} or of today.")
    {
        _environment = environment;
        Add(_folder);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl manual pages /usr/local/share/man/man1"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(arguments.GetRequiredValue(_folder)).FullName;
        var date = Date();
        var pages = ManualPage.Of((RootCommand)arguments.RootCommandResult.Command).All.ToList();
        foreach (var page in pages)
        {
            await using var text = new StringWriter();
            new RoffPage(page, text).Write(date);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{RoffPage.NameOf(page)}.1"), text.ToString(), cancellationToken);
        }
        return _environment.Done(string.Create(CultureInfo.InvariantCulture, $"wrote {pages.Count} pages into {folder}"));
    }

    private DateTimeOffset Date() => _environment.Variable(Epoch) switch
    {
        not { Length: > 0 } => _environment.Time.GetUtcNow(),
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds),
        { } text => throw new UsageException($"{Epoch} is '{text}', wanted is a number of seconds since 1970"),
    };
}
