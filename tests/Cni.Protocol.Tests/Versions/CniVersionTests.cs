namespace Cni.Protocol.Tests;

public class CniVersionTests
{
    [Theory]
    [InlineData("", "0.1.0")]
    [InlineData("0.1.0", "0.1.0")]
    [InlineData("1", "1.0.0")]
    [InlineData("1.1", "1.1.0")]
    [InlineData("0.3.1", "0.3.1")]
    [InlineData("10.20.30", "10.20.30")]
    [InlineData("01.00.0", "1.0.0")]
    public void One_to_three_numbers_are_a_version_and_nothing_is_the_oldest(string text, string expected) =>
        Assert.Equal(expected, CniVersion.Parse(text).ToString());

    [Theory]
    [InlineData("x", "failed to convert major version part \"x\": wanted a number")]
    [InlineData("1.x", "failed to convert minor version part \"x\": wanted a number")]
    [InlineData("1.0.x", "failed to convert micro version part \"x\": wanted a number")]
    [InlineData("1.", "failed to convert minor version part \"\": wanted a number")]
    [InlineData(" 1", "failed to convert major version part \" 1\": wanted a number")]
    [InlineData("1.0.0\n", "failed to convert micro version part \"0\n\": wanted a number")]
    [InlineData("99999999999", "failed to convert major version part \"99999999999\": wanted a number")]
    [InlineData("1.0.0.0", "invalid version \"1.0.0.0\": too many parts")]
    public void Anything_else_cannot_be_decoded(string text, string message) =>
        Expect.Error(CniErrorCode.DecodingFailure, message, () => CniVersion.Parse(text));

    [Fact]
    public void Seven_versions_are_supported_oldest_first()
    {
        Assert.Equal("0.1.0 0.2.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0", string.Join(' ', CniVersion.Supported));
        Assert.Equal(CniVersion.Supported.Order(), CniVersion.Supported);
        Assert.Equal(CniVersion.Newest, CniVersion.Supported[^1]);
        Assert.Equal(CniVersion.Default, CniVersion.Supported[0]);
        Assert.All(CniVersion.Supported, version => Assert.Equal(version, CniVersion.EnsureSupported(version.ToString())));
    }

    [Theory]
    [InlineData("9.9.9")]
    [InlineData("1.0")]
    [InlineData("1")]
    [InlineData("0.5.0")]
    [InlineData("1.0.0 ")]
    [InlineData("x")]
    public void A_version_is_supported_only_to_the_letter(string text)
    {
        var error = Expect.Error(
            CniErrorCode.IncompatibleVersion, "incompatible CNI versions", () => CniVersion.EnsureAllows(CniCommand.Add, text));
        Assert.Equal(
            $"config is \"{text}\", plugin supports [\"0.1.0\" \"0.2.0\" \"0.3.0\" \"0.3.1\" \"0.4.0\" \"1.0.0\" \"1.1.0\"]", error.Details);
    }

    [Theory]
    [InlineData(CniCommand.Check, "0.4.0")]
    [InlineData(CniCommand.Check, "1.1.0")]
    [InlineData(CniCommand.Status, "1.1.0")]
    [InlineData(CniCommand.Gc, "1.1.0")]
    [InlineData(CniCommand.Add, "")]
    [InlineData(CniCommand.Del, "0.3.1")]
    public void A_verb_is_allowed_from_the_version_that_brought_it(CniCommand command, string text) =>
        Assert.Equal(CniVersion.Parse(text), CniVersion.EnsureAllows(command, text));

    [Theory]
    [InlineData(CniCommand.Check, "0.3.1", 1, "config version does not allow CHECK")]
    [InlineData(CniCommand.Check, "", 1, "config version does not allow CHECK")]
    [InlineData(CniCommand.Status, "1.0.0", 1, "config version does not allow STATUS")]
    [InlineData(CniCommand.Gc, "1.0.9", 1, "config version does not allow GC")]
    [InlineData(CniCommand.Check, "1.1.1", 1, "plugin version does not allow CHECK")]
    [InlineData(CniCommand.Status, "9.9.9", 1, "plugin version does not allow STATUS")]
    [InlineData(CniCommand.Gc, "2", 1, "plugin version does not allow GC")]
    [InlineData(CniCommand.Check, "0.9.0", 1, "incompatible CNI versions")]
    [InlineData(CniCommand.Status, "1.1", 1, "incompatible CNI versions")]
    [InlineData(CniCommand.Check, "x", 6, "failed to convert major version part \"x\": wanted a number")]
    [InlineData(CniCommand.Gc, "1.1.0.0", 6, "invalid version \"1.1.0.0\": too many parts")]
    public void A_verb_is_refused_otherwise(CniCommand command, string text, int code, string message) =>
        Expect.Error(code, message, () => CniVersion.EnsureAllows(command, text));

    [Fact]
    public void Versions_compare_part_by_part()
    {
        Assert.True(new CniVersion(0, 10, 0) > new CniVersion(0, 9, 9));
        Assert.True(new CniVersion(1, 0, 0) < new CniVersion(1, 0, 1));
        Assert.True(new CniVersion(1, 0, 0) >= new CniVersion(1, 0, 0));
        Assert.True(new CniVersion(1, 0, 0) <= new CniVersion(1, 0, 0));
    }
}
