using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests.Docs;

/// <summary>docs/ipamctl-reference.md is what the commands say.</summary>
public sealed class ReferenceDocumentTests : CommandTest
{
    private const string Document = "docs/ipamctl-reference.md";

    [Fact]
    public async Task The_reference_is_what_the_commands_say()
    {
        var outcome = await RunPlainAsync("manual", "reference");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.True(RepositoryRoot.Read(Document) == outcome.Output, $"{Document} isn't what the commands say; 'make reference' writes it anew");
    }

    [Theory]
    [InlineData("## ipamctl lease list\n\nLists the leases, by space and address.\n")]
    [InlineData("\n```\nipamctl lease list [ADDRESSES] [OPTION]...\n```\n")]
    [InlineData("\n```\nipamctl completion SHELL [OPTION]...\n```\n")]
    [InlineData("\n- `--namespace`, `-n` `NAME`: ")]
    [InlineData("\n- `--limit` `NUMBER`: Show at most so many. [otherwise: all]\n")]
    [InlineData("\nipamctl lease list -o json | jq -r '.[].address'\n")]
    [InlineData("\n| 4 | refused or declined: nothing was changed |\n")]
    public void It_has_arguments_options_defaults_examples_and_exit_codes(string part) =>
        Assert.Contains(part, RepositoryRoot.Read(Document), StringComparison.Ordinal);
}
