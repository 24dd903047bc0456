using System.Text.RegularExpressions;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Docs;

/// <summary>docs/troubleshooting.md has every message that a user can meet.</summary>
public sealed partial class TroubleshootingTests
{
    [Fact]
    public void Every_message_in_the_sources_is_in_the_document()
    {
        var document = Flat(RepositoryRoot.Read("docs/troubleshooting.md"));
        var messages = SourceMessages.All().ToList();
        var missing = messages.Where(message => !document.Contains(Flat(message.Text), StringComparison.Ordinal)).Select(static message => $"{message.File}: {message.Text}").ToList();

        Assert.True(messages.Count > 100, $"only {messages.Count} messages were found");
        Assert.True(missing.Count == 0, $"say in docs/troubleshooting.md why these come and what to do:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void Every_code_is_in_the_table()
    {
        var document = RepositoryRoot.Read("docs/troubleshooting.md");
        foreach (Match code in Code().Matches(RepositoryRoot.Read("src/Ipam.Configuration/Ranges/IpamErrorCode.cs")))
            Assert.Contains($"\n| {code.Groups["number"].Value} | ", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_of_the_log_is_in_the_table_with_its_level()
    {
        var document = RepositoryRoot.Read("docs/troubleshooting.md");
        var events = Event().Matches(RepositoryRoot.Read("src/Ipam.Service/Log.cs"));

        Assert.NotEmpty(events);
        foreach (Match entry in events)
            Assert.Contains($"\n| {entry.Groups["id"].Value} | {entry.Groups["level"].Value.ToLowerInvariant()} | ", document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""throw new CniException(7, $"{where}: empty {{set}} of {name}");""", "empty {set} of")]
    [InlineData("""Because($"key \"{key}\" is given without its subnet");""", "is given without its subnet")]
    [InlineData("""new ArgumentException($"{outcome} is no refusal of ours");""", "")]
    [InlineData("""// "a comment is no message" """, "")]
    [InlineData("""x = "two words";""", "")]
    public void The_longest_piece_that_does_not_vary_is_found(string source, string expected) =>
        Assert.Equal(expected, string.Join('|', SourceMessages.In("\n" + source)));

    private static string Flat(string text) => Space().Replace(text, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"const int \w+ = (?<number>\d+);")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+),")]
    private static partial Regex Event();
}
