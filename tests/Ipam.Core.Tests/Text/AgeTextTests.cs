using Ipam.Core.Text;

namespace Ipam.Core.Tests.Text;

public sealed class AgeTextTests
{
    [Theory]
    [InlineData("-00:01:00", "0s")]
    [InlineData("00:00:00.9", "0s")]
    [InlineData("00:01:59", "119s")]
    [InlineData("00:02:00", "2m")]
    [InlineData("01:59:59", "119m")]
    [InlineData("02:00:00", "2h")]
    [InlineData("1.23:59:59", "47h")]
    [InlineData("2.00:00:00", "2d")]
    [InlineData("1000.00:00:00", "1000d")]
    public void An_age_is_a_number_and_a_unit(string age, string expected) =>
        Assert.Equal(expected, AgeText.Of(TimeSpan.Parse(age, System.Globalization.CultureInfo.InvariantCulture)));
}
