using System.CommandLine;
using System.Net;
using Ipam.Web.Options;
using IpamSuite.Shared;

namespace Ipam.Web.Tests.Options;

public sealed class WebCommandTests
{
    [Theory]
    [InlineData("", "127.0.0.1:9180", "sqlite:/var/lib/ipam/ipam.db", "")]
    [InlineData("--store redis://h/0 --listen [::1]:80 --base-path /ipam/", "[::1]:80", "redis://h/0", "/ipam")]
    [InlineData("--listen localhost:0", "127.0.0.1:0", "sqlite:/var/lib/ipam/ipam.db", "")]
    [InlineData("--listen 0.0.0.0:80 --allow-anyone", "0.0.0.0:80", "sqlite:/var/lib/ipam/ipam.db", "")]
    [InlineData("--listen 10.1.2.3:80 --auth kubernetes", "10.1.2.3:80", "sqlite:/var/lib/ipam/ipam.db", "")]
    public void What_is_given_is_used(string arguments, string listen, string store, string basePath)
    {
        var options = Read(arguments);
        Assert.Equal((IPEndPoint.Parse(listen), store, basePath), (options.Listen, options.Store, options.BasePath));
    }

    [Theory]
    [InlineData("--listen 0.0.0.0:80", "--auth none asks nobody who he is")]
    [InlineData("--listen [::]:80", "--allow-anyone")]
    [InlineData("--listen 80", "is no ADDRESS:PORT")]
    [InlineData("--listen 10.1.2.3", "is no ADDRESS:PORT")]
    [InlineData("--listen 127.0.0.1:70000", "is no ADDRESS:PORT")]
    [InlineData("--auth basic", "known are: none, kubernetes")]
    [InlineData("--base-path ipam", "is no path")]
    [InlineData("--base-path /a//b", "is no path")]
    public void What_is_not_safe_or_has_no_meaning_is_refused(string arguments, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => Read(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_page_for_man_has_every_option()
    {
        var page = RepositoryRoot.Read("docs/ipam-web.8");
        var options = new WebCommand(new StoreAddress(static _ => null, "/nowhere")).Options.Where(static option => option.Name is not ("--help" or "--version")).ToList();
        Assert.InRange(options.Count, 7, 20);
        Assert.All(options, option => Assert.Contains($@"\n\fB{option.Name.Replace("-", @"\-", StringComparison.Ordinal)}\fR".Replace(@"\n", "\n", StringComparison.Ordinal), page, StringComparison.Ordinal));
        Assert.All(options, option => Assert.Contains($"`{option.Name}`", RepositoryRoot.Read("docs/web.md"), StringComparison.Ordinal));
    }

    private static WebOptions Read(string arguments)
    {
        var command = new WebCommand(new StoreAddress(static _ => null, "/nowhere/ipamd.json"));
        var parsed = command.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(parsed.Errors);
        return command.Read(parsed);
    }
}
