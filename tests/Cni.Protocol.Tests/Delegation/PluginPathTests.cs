namespace Cni.Protocol.Tests;

public class PluginPathTests
{
    [Fact]
    public void The_first_folder_that_has_the_file_wins()
    {
        using var first = new TempFolder();
        using var second = new TempFolder();
        File.WriteAllText(second.Combine("ipam"), "");
        Assert.Equal(second.Combine("ipam"), PluginPath.Find("ipam", $"{first.Path}:{second.Path}"));
        Directory.CreateDirectory(first.Combine("ipam"));
        Assert.Equal(second.Combine("ipam"), PluginPath.Find("ipam", $"{first.Path}:{second.Path}"));
        Directory.Delete(first.Combine("ipam"));
        File.CreateSymbolicLink(first.Combine("ipam"), second.Combine("ipam"));
        Assert.Equal(first.Combine("ipam"), PluginPath.Find("ipam", $":{first.Path}:{second.Path}:"));
    }

    [Theory]
    [InlineData(null, "/a", 7, "no plugin name provided")]
    [InlineData("", "/a", 7, "no plugin name provided")]
    [InlineData("a/b", "/a", 7, "invalid plugin name: a/b")]
    [InlineData("../b", "/a", 7, "invalid plugin name: ../b")]
    [InlineData("x", "", 999, "no paths provided")]
    [InlineData("x", "/nowhere/a:/nowhere/b", 999, "failed to find plugin \"x\" in path [/nowhere/a /nowhere/b]")]
    [InlineData("..", "/tmp", 999, "failed to find plugin \"..\" in path [/tmp]")]
    public void Otherwise_it_says_where_it_looked(string? type, string path, int code, string message) =>
        Expect.Error(code, message, () => PluginPath.Find(type, path));
}
