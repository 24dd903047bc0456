using System.Text;
using Ipam.Stores.Text;

namespace Ipam.Stores.Tests.Text;

/// <summary>One string for one text.</summary>
public sealed class StringPoolTests
{
    private readonly StringPool _pool = new();

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("node-17")]
    [InlineData("a-node-with-a-longer-name")]
    [InlineData("Knoten-ü")]
    public void The_same_text_is_the_same_string(string text)
    {
        Assert.Equal(text, Get(text));
        Assert.Same(Get(text), Get(text));
    }

    [Fact]
    public void Texts_are_told_apart_even_where_they_fall_on_the_same_place()
    {
        // More than there are places, and each twice: with another beginning, and the same end and length.
        foreach (var text in Enumerable.Range(0, 5_000).SelectMany(i => new[] { $"east-{i:d10}", $"west-{i:d10}", $"{i}" }))
            Assert.Equal(text, Get(text));
    }

    private string Get(string text) => _pool.Get(Encoding.UTF8.GetBytes(text));
}
