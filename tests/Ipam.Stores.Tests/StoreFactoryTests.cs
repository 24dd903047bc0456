namespace Ipam.Stores.Tests;

/// <summary>What a URL of a store may be.</summary>
public sealed class StoreFactoryTests
{
    [Theory]
    [InlineData("sqlite:/var/lib/ipam/ipam.db", "sqlite:/var/lib/ipam/ipam.db")]
    [InlineData("SQLite:/tmp/a:b c.db", "sqlite:/tmp/a:b c.db")]
    [InlineData("kubernetes:", "kubernetes:")]
    [InlineData("kubernetes:/etc/ipam/kubeconfig", "kubernetes:/etc/ipam/kubeconfig")]
    [InlineData("kubernetes:/a?namespace=ipam&context=a%26b", "kubernetes:/a?context=a%26b&namespace=ipam")]
    [InlineData("redis://me:secret@cache/1", "redis://cache:6379/1")]
    [InlineData("rediss://cache:7000", "rediss://cache:7000/0")]
    public void A_URL_of_a_known_kind_names_a_store(string url, string description) =>
        Assert.Equal(description, StoreFactory.Create(url, TimeProvider.System).Description);

    [Theory]
    [InlineData("")]
    [InlineData("/var/lib/ipam/ipam.db")]
    [InlineData(":memory:")]
    [InlineData("sqlite:")]
    [InlineData("postgres://db/ipam")]
    [InlineData("kubernetes:/a?unknown=1")]
    [InlineData("kubernetes:/a?namespace=")]
    public void Any_other_text_is_refused_with_what_is_known(string url)
    {
        var message = Assert.Throws<FormatException>(() => StoreFactory.Create(url, TimeProvider.System)).Message;

        Assert.Contains($"'{url}'", message, StringComparison.Ordinal);
        Assert.Contains("sqlite:PATH", message, StringComparison.Ordinal);
        Assert.Contains("redis://", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rediz://me:SECRET@cache")]
    [InlineData("//me-SECRET@cache")]
    [InlineData("kubernetes://me:SECRET@cache?unknown=1")]
    public void A_URL_that_may_have_a_password_is_not_shown(string url) =>
        Assert.DoesNotContain("SECRET", Assert.Throws<FormatException>(() => StoreFactory.Create(url, TimeProvider.System)).Message, StringComparison.Ordinal);
}
