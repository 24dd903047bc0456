namespace EndToEnd.Newcomers;

/// <summary>README.md, followed to the letter on a plain host.</summary>
public sealed class PlainHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [RootFact("make", "jq", "curl", "ip", "bridge")]
    public void Its_commands_lead_to_a_container_with_addresses()
    {
        var told = Follower.Follow("newcomer.sh", "PUBLISHED", Patience);

        Assert.Matches(@"\n10\.85\.0\.2/16\nfd00:85::2/64\nthe first address came \d+\.\d s after the first command\n", told);
    }
}
