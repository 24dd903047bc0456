using Ipam.Core.Blocks;

namespace Ipam.Core.Tests.Blocks;

public class NamespaceIdentityTests
{
    [Fact]
    public void The_text_is_the_path_and_behind_it_the_identity()
    {
        Assert.Equal("/run/netns/x", default(NamespaceIdentity).Join("/run/netns/x"));
        Assert.Equal("/run/netns/x/net:[4026532281]@0000001a", new NamespaceIdentity(0x1a, 4026532281, 0).Join("/run/netns/x"));
        Assert.Equal("/run/netns/x/net:[4026532281]@1f2e3d4c.0000000b", new NamespaceIdentity(0x1f2e3d4c, 4026532281, 0xb).Join("/run/netns/x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/run/netns/x")]
    [InlineData("/run/netns/x/net:[1]")]
    [InlineData("/run/netns/x/net:[1]@1f2e3d4")]
    [InlineData("/run/netns/x/net:[1]@1f2e3d4g")]
    [InlineData("/run/netns/x/net:[-1]@1f2e3d4c")]
    [InlineData("/run/netns/x/net:[4294967296]@1f2e3d4c")]
    [InlineData("/run/netns/x/net:[1]@1f2e3d4c.")]
    [InlineData("/run/netns/x/net:[1]@1f2e3d4c:9a8b7c6d")]
    [InlineData("/run/netns/x/net:[1]@1f2e3d4c.9a8b7c6d ")]
    public void Any_other_text_is_a_path(string text) => Assert.Equal((text, default), NamespaceIdentity.Split(text));

    [Fact]
    public void Whatever_is_joined_is_split_again()
    {
        var random = new Random(1);
        string[] parts = ["/", "run", "net:[", "/net:[", "1", "]@", "1f2e3d4c", ".", "9a8b7c6d", "ä"];
        for (var round = 0; round < 20_000; round++)
        {
            var path = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => parts[random.Next(parts.Length)]));
            var identity = random.Next(3) == 0 ? default : new NamespaceIdentity((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1, 1L << 32), random.Next(2) == 0 ? 0 : (uint)random.NextInt64(1L << 32));
            Assert.Equal((path, identity), NamespaceIdentity.Split(identity.Join(path)));
        }
    }
}
