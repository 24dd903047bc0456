using Ipam.Core.Text;

namespace Ipam.Core.Tests.Text;

/// <summary>Guesses what was meant.</summary>
public sealed class NearestNameTests
{
    [Theory]
    [InlineData("rages", "ranges")]
    [InlineData("SUBNET", "subnet")]
    [InlineData("gatweay", "gateway")]
    [InlineData("", "gw")]
    [InlineData("gateways", "gateway")]
    public void The_name_that_takes_the_fewest_changes_is_found(string name, string nearest) =>
        Assert.Equal(nearest, NearestName.Among(["subnet", "ranges", "gateway", "gw"], name));

    [Theory]
    [InlineData("cooldown", "cooldownSeconds")]
    [InlineData("reuse", "reuseResting")]
    [InlineData("range", "ranges")]
    [InlineData("ordr", "order")]
    [InlineData("xyz", null)]
    public void The_beginning_of_a_name_is_enough(string name, string? nearest) =>
        Assert.Equal(nearest, NearestName.Like(["order", "cooldownSeconds", "rangeStart", "ranges", "reuseResting", "disabled"], name));
}
