using Ipam.Cli.Commands.Installation;

namespace Ipam.Cli.Tests.Installation;

public sealed class HostRootTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/opt/cni/bin", "/var/opt/cni/bin")]
    [InlineData("/absolute/x", "/var/x")]
    [InlineData("/up/x", "/x")]
    [InlineData("/absent/../opt/./x", "/var/opt/x")]
    [InlineData("/", "")]
    public void A_link_leads_to_where_it_leads_on_the_host(string path, string expected)
    {
        Directory.CreateDirectory(_folder.Combine("var/opt"));
        File.CreateSymbolicLink(_folder.Combine("opt"), "var/opt");
        File.CreateSymbolicLink(_folder.Combine("absolute"), "/var");
        File.CreateSymbolicLink(_folder.Combine("up"), "../../../..");

        Assert.Equal(_folder.Path + expected, new HostRoot(_folder.Path).PathOf(path));
    }

    [Fact]
    public void Links_in_a_circle_are_named()
    {
        File.CreateSymbolicLink(_folder.Combine("a"), "/b");
        File.CreateSymbolicLink(_folder.Combine("b"), "a");

        Assert.Equal("/a/x: its links lead in a circle", Assert.Throws<IOException>(() => new HostRoot(_folder.Path).PathOf("/a/x")).Message);
    }
}
