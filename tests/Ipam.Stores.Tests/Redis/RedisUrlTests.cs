using Ipam.Stores.Redis.Connecting;

namespace Ipam.Stores.Tests.Redis;

/// <summary>URLs of Redis servers.</summary>
public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("//cache", "redis://cache:6379/0")]
    [InlineData("//cache/", "redis://cache:6379/0")]
    [InlineData("//10.0.0.1:7000/15", "redis://10.0.0.1:7000/15")]
    [InlineData("//[fd00::1]", "redis://[fd00::1]:6379/0")]
    [InlineData("//[fd00::1]:7000/1", "redis://[fd00::1]:7000/1")]
    [InlineData("//me:secret@cache:7000/1", "redis://cache:7000/1")]
    [InlineData("//a,b:7000/1?sentinel=main", "redis://a:26379,b:7000/1?sentinel=main")]
    [InlineData("//a,b:7000,[fd00::1]/", "redis://a:6379,b:7000,[fd00::1]:6379/0")]
    [InlineData("//me:secret@a,b?sentinel=main&sentinelUser=you&sentinelPassword=secret2", "redis://a:26379,b:26379/0?sentinel=main")]
    public void A_URL_names_a_server_and_is_shown_without_its_secrets(string rest, string description) =>
        Assert.Equal(description, RedisUrl.Parse(tls: false, rest, TimeProvider.System).Description);

    [Theory]
    [InlineData("//cache", null, null)]
    [InlineData("//:secret@cache", null, "secret")]
    [InlineData("//me:se:cret@cache", "me", "se:cret")]
    [InlineData("//me:s%40%2F%3F@cache", "me", "s@/?")]
    [InlineData("//me@cache", "me", null)]
    [InlineData("//:a@b@cache", null, "a@b")]
    public void User_and_password_are_read(string rest, string? user, string? password)
    {
        var options = RedisUrl.Parse(tls: true, rest, TimeProvider.System);

        Assert.Equal((user, password, true), (options.User, options.Password, options.UsesTls));
    }

    [Fact]
    public void A_password_may_be_in_a_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Combine("p w"), "secret\n");

        Assert.Equal("secret", RedisUrl.Parse(false, $"//cache?passwordFile={Uri.EscapeDataString(folder.Combine("p w"))}", TimeProvider.System).Password);
        Assert.Contains("the Redis password can't be read: ", Refusal($"//cache?passwordFile={folder.Combine("none")}"), StringComparison.Ordinal);
        File.WriteAllText(folder.Combine("large"), new string('x', (64 << 10) + 1));
        Assert.Contains("large is larger than 65536 bytes, which is more than such a file may have. Correct the option passwordFile", Refusal($"//cache?passwordFile={folder.Combine("large")}"), StringComparison.Ordinal);
        Assert.Contains($"{folder.Path} is a folder, wanted is a regular file", Refusal($"//cache?passwordFile={folder.Path}"), StringComparison.Ordinal);
        Assert.Contains("Correct the option sentinelPasswordFile", Refusal($"//cache?sentinel=main&sentinelPasswordFile={folder.Combine("none")}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_read()
    {
        var options = RedisUrl.Parse(true, "//cache?wait=2&ca=/etc/a%20b.pem", TimeProvider.System);

        Assert.Equal((2, "/etc/a b.pem", null), (options.Replicas, options.CertificateAuthorityFile, options.SentinelName));
    }

    [Theory]
    [InlineData("cache:6379", "has no // behind its scheme")]
    [InlineData("//", "host is ''")]
    [InlineData("//:secret@", "host is ''")]
    [InlineData("//cache:", "port is '', wanted is a number from 1 to 65535")]
    [InlineData("//cache:0", "port is '0'")]
    [InlineData("//cache:65536", "port is '65536'")]
    [InlineData("//cache:+80", "port is '+80'")]
    [InlineData("//[fd00::1", "wanted is HOST, HOST:PORT or [ADDRESS]:PORT")]
    [InlineData("//[fd00::1]7000", "wanted is HOST, HOST:PORT or [ADDRESS]:PORT")]
    [InlineData("//cache/one", "database is 'one', wanted is a number from 0")]
    [InlineData("//cache/0/1", "database is '0/1'")]
    [InlineData("//a,", "host is ''")]
    [InlineData("//cache?sentinelUser=me", "has the option \"sentinelUser\" and no sentinel; name the master by sentinel=NAME")]
    [InlineData("//cache?sentinelPassword=secret", "has the option \"sentinelPassword\" and no sentinel")]
    [InlineData("//cache?protocol=resp4", "protocol is 'resp4', wanted is resp2 or resp3")]
    [InlineData("//me:wh?secret@cache", "an '@' comes behind its '?'. If the password has one of ? & / @ in it, write %3F")]
    [InlineData("//me:wh?a=1&secret@cache", "write %3F %26 %2F %40")]
    [InlineData("//cache?weight=1", "unknown option \"weight\"; did you mean \"wait\"?")]
    [InlineData("//cache?wait", "option \"wait\" has no value")]
    [InlineData("//cache?wait=many", "wait is 'many'")]
    public void Anything_else_is_refused_with_what_was_found_and_what_is_wanted(string rest, string message)
    {
        var refusal = Refusal(rest);

        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    private static string Refusal(string rest) => Assert.Throws<FormatException>(() => RedisUrl.Parse(false, rest, TimeProvider.System)).Message;
}
