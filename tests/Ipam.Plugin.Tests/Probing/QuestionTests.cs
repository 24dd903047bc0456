using System.Net;
using Ipam.Plugin.Probing;

namespace Ipam.Plugin.Tests.Probing;

/// <summary>The bytes of the questions, and what counts as an answer.</summary>
public sealed class QuestionTests
{
    private static readonly byte[] Mac = Bytes("02005e100001");

    // RFC 826 and RFC 5227: a request by nobody, to all.
    [Fact]
    public void An_ARP_probe_names_no_address_of_the_one_who_asks() => Assert.Equal(
        "ffffffffffff 02005e100001 0806 0001 0800 06 04 0001 02005e100001 00000000 000000000000 0ad60102".Replace(" ", "", StringComparison.Ordinal),
        Convert.ToHexStringLower(ArpQuestion.Frame(IPAddress.Parse("10.214.1.2"), Mac)));

    // RFC 4861 and RFC 4862: from the unspecified address to the solicited-node group.
    [Fact]
    public void A_neighbour_solicitation_names_no_address_of_the_one_who_asks() => Assert.Equal(
        """
        3333ff000002 02005e100001 86dd 60000000 0018 3a ff 00000000000000000000000000000000 ff0200000000000000000001ff000002
        87 00 7d8e 00000000 fd140001000000000000000000000002
        """.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal),
        Convert.ToHexStringLower(NeighbourQuestion.Frame(IPAddress.Parse("fd14:1::2"), Mac)));

    [Theory]
    [InlineData("0002", "0ad60102", "00000000", "10.214.1.2")] // an answer
    [InlineData("0001", "0ad60102", "0ad60102", "10.214.1.2")] // an announcement
    [InlineData("0001", "0ad60102", "0ad60109", "10.214.1.2")] // a question for somebody else by who has it
    [InlineData("0001", "00000000", "0ad60102", "10.214.1.2")] // a probe by another one
    public void ARP_tells_who_has_an_address_or_will_have_it(string operation, string sender, string target, string expected)
    {
        var frame = Bytes($"ffffffffffff 020000000009 0806 0001 0800 06 04 {operation} 020000000009 {sender} 000000000000 {target}");
        Assert.Equal(IPAddress.Parse(expected), ArpQuestion.ClaimIn(frame));
        Assert.Null(ArpQuestion.ClaimIn(frame.AsSpan(..^1)));
        frame[18] = 8;
        Assert.Null(ArpQuestion.ClaimIn(frame));
    }

    [Theory]
    [InlineData("88", "ff", "fe800000000000000000000000000009", true)] // an answer
    [InlineData("87", "ff", "00000000000000000000000000000000", true)] // a probe by another one
    [InlineData("87", "ff", "fe800000000000000000000000000009", false)] // somebody looks for its neighbour
    [InlineData("88", "fe", "fe800000000000000000000000000009", false)] // it has passed a router
    [InlineData("86", "ff", "fe800000000000000000000000000009", false)] // a router advertisement
    public void Neighbour_discovery_does_too(string type, string hopLimit, string source, bool isClaim)
    {
        var frame = Bytes($"333300000001 020000000009 86dd 60000000 0018 3a {hopLimit} {source} ff020000000000000000000000000001 {type} 00 ffff 00000000 fd140001000000000000000000000002");
        Assert.Equal(isClaim ? IPAddress.Parse("fd14:1::2") : null, NeighbourQuestion.ClaimIn(frame));
        Assert.Null(NeighbourQuestion.ClaimIn(frame.AsSpan(..^1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_can_be_looked_at(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var frame = new byte[random.Next(100)];
            random.NextBytes(frame);
            _ = (EthernetFrame.TypeOf(frame), ArpQuestion.ClaimIn(frame), NeighbourQuestion.ClaimIn(frame));
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
