using Cni.Protocol;
using Ipam.Service.Configuration;
using Ipam.Service.Tests.Support;

namespace Ipam.Service.Tests.Configuration;

/// <summary>resolv.conf(5) as host-local reads it.</summary>
public sealed class ResolvConfTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("nameserver 10.0.0.1", "ns 10.0.0.1")]
    [InlineData("nameserver\t10.0.0.1   # the first\n  nameserver fd00::1", "ns 10.0.0.1 fd00::1")]
    [InlineData("domain a.example\ndomain b.example", "domain b.example")]
    [InlineData("search a.example b.example\nsearch c.example", "search a.example b.example c.example")]
    [InlineData("options ndots:5 timeout:1\noptions rotate", "options ndots:5 timeout:1 rotate")]
    [InlineData("# nameserver 10.0.0.1\n; nameserver 10.0.0.2\n#nameserver 10.0.0.3", "")]
    [InlineData("nameserver\nsortlist 10.0.0.0\nNAMESERVER 10.0.0.1", "")]
    [InlineData("nameserver 10.0.0.1\r\nsearch a.example\r\n", "ns 10.0.0.1; search a.example")]
    public void Lines_become_dns(string text, string expected) => Assert.Equal(expected, Sentence(ResolvConf.Parse(text.Split('\n'))));

    [Fact]
    public async Task A_file_is_read_each_time()
    {
        using var folder = new TempFolder();
        var path = folder.Combine("resolv.conf");
        await File.WriteAllTextAsync(path, "nameserver 10.0.0.1\n");
        Assert.Equal("ns 10.0.0.1", Sentence(await ResolvConf.ReadAsync(path, default)));
        await File.WriteAllTextAsync(path, "nameserver 10.0.0.2\n");
        Assert.Equal("ns 10.0.0.2", Sentence(await ResolvConf.ReadAsync(path, default)));
    }

    [Theory]
    [InlineData("/there/is/none")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    public async Task One_that_cannot_be_read_is_code_7_and_named(string path)
    {
        var error = (await Assert.ThrowsAsync<CniException>(() => ResolvConf.ReadAsync(path, default))).Error;

        Assert.Equal(7, error.Code);
        Assert.StartsWith($"ipam: resolvConf \"{path}\" can't be read: ", error.Message, StringComparison.Ordinal);
    }

    private static string Sentence(CniDns dns) => string.Join("; ", Parts(dns));

    private static IEnumerable<string> Parts(CniDns dns)
    {
        if (dns.Nameservers.Count > 0)
            yield return $"ns {string.Join(' ', dns.Nameservers)}";
        if (dns.Domain.Length > 0)
            yield return $"domain {dns.Domain}";
        if (dns.Search.Count > 0)
            yield return $"search {string.Join(' ', dns.Search)}";
        if (dns.Options.Count > 0)
            yield return $"options {string.Join(' ', dns.Options)}";
    }
}
