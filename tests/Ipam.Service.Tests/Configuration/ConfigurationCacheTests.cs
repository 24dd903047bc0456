using System.Text;
using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Service.Configuration;

namespace Ipam.Service.Tests.Configuration;

/// <summary>The same bytes are read once; other bytes are never taken for them.</summary>
public sealed class ConfigurationCacheTests
{
    private readonly ConfigurationCache _cache = new(new FlatFiles([], TimeProvider.System));

    [Fact]
    public async Task The_same_bytes_are_the_same_configuration() => Assert.Same(await GetAsync("10.1.0.0/24"), await GetAsync("10.1.0.0/24"));

    [Fact]
    public async Task Configurations_that_differ_in_a_byte_are_told_apart_however_many_there_are()
    {
        foreach (var round in (int[])[1, 2])
        {
            for (var third = 0; third < 200; third++)
                Assert.Equal($"10.1.{third}.0/24", (await GetAsync($"10.1.{third}.0/24")).Ipam.RangeSets[0][0].Subnet.ToString());
        }
    }

    [Fact]
    public async Task One_that_is_refused_is_refused_each_time()
    {
        for (var round = 0; round < 2; round++)
        {
            await Assert.ThrowsAsync<CniException>(() => _cache.GetAsync("{"u8.ToArray(), default));
            var refused = await GetAsync("10.1.0.1/24");
            Assert.Throws<CniException>(() => refused.Ipam);
        }
    }

    [Fact]
    public async Task One_that_is_very_long_is_read_but_not_kept()
    {
        var more = $", \"more\": \"{new string('x', 20_000)}\"";

        Assert.Equal("10.1.0.0/24", (await GetAsync("10.1.0.0/24", more)).Ipam.RangeSets[0][0].Subnet.ToString());
        Assert.NotSame(await GetAsync("10.1.0.0/24", more), await GetAsync("10.1.0.0/24", more));
    }

    private Task<PluginConfiguration> GetAsync(string subnet, string more = "") => _cache.GetAsync(Encoding.UTF8.GetBytes(
        $$"""{"cniVersion": "1.0.0", "name": "n", "type": "t", "ipam": {"type": "ipam", "subnet": "{{subnet}}"}{{more}} }"""), default);
}
