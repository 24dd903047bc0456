using System.Globalization;
using Ipam.Core.Text;
using IpamSuite.Shared;

namespace Ipam.Stores.Redis.Connecting;

/// <summary>
/// Reads <c>redis://[[user]:password@]host[:port][,host[:port]...][/database][?option=value&amp;...]</c>, or <c>rediss:</c> with TLS. User,
/// password and values may have %XX for any byte. No message shows a password.
/// </summary>
internal static class RedisUrl
{
    /// <summary>The form, for messages.</summary>
    public const string Form = "redis://[user:password@]HOST[:PORT][,HOST[:PORT]...][/DATABASE][?OPTION=VALUE&...]";

    private const int DefaultPort = 6379;
    private const int DefaultSentinelPort = 26379;

    private const int MostBytesOfPassword = 64 << 10;

    private static readonly string[] Options = ["ca", "passwordFile", "protocol", "sentinel", "sentinelPassword", "sentinelPasswordFile", "sentinelUser", "wait"];

    /// <summary>Reads what follows the scheme and its colon.</summary>
    /// <exception cref="FormatException">It is no such URL; the message says what was found and what is wanted.</exception>
    public static RedisStoreOptions Parse(bool tls, string rest, TimeProvider time)
    {
        if (!rest.StartsWith("//", StringComparison.Ordinal))
            throw new FormatException($"the Redis URL has no // behind its scheme; wanted is {Form}");
        var (address, query) = Cut(rest[2..], '?');
        try
        {
            return Parse(tls, address, query, time);
        }
        catch (FormatException) when (!address.Contains('@', StringComparison.Ordinal) && query?.Contains('@', StringComparison.Ordinal) == true)
        {
            // The pieces may be those of a password, which no message shows.
            throw new FormatException(
                $"the Redis URL can't be read: an '@' comes behind its '?'. If the password has one of ? & / @ in it, write %3F %26 %2F %40; wanted is {Form}");
        }
    }

    private static RedisStoreOptions Parse(bool tls, string address, string? query, TimeProvider time)
    {
        var options = ReadOptions(query);
        var at = address.LastIndexOf('@');
        var (hosts, database) = Cut(address[(at + 1)..], '/');
        var (user, password) = at < 0 ? ("", null) : Cut(address[..at], ':');
        var sentinel = options.GetValueOrDefault("sentinel");
        if (sentinel is null && options.Keys.FirstOrDefault(static name => name.StartsWith("sentinel", StringComparison.Ordinal)) is { } lonely)
            throw new FormatException($"the Redis URL has the option \"{lonely}\" and no sentinel; name the master by sentinel=NAME, or leave the option out");
        return new RedisStoreOptions
        {
            Hosts = hosts.Split(',').Select(host => ReadHost(host, sentinel is null ? DefaultPort : DefaultSentinelPort)).ToList(),
            User = user.Length == 0 ? null : Uri.UnescapeDataString(user),
            Password = password is null ? ReadPassword(options, "passwordFile") : Uri.UnescapeDataString(password),
            Database = ReadNumber("database", database ?? "", 0, 999_999),
            UsesTls = tls,
            CertificateAuthorityFile = options.GetValueOrDefault("ca"),
            SentinelName = sentinel,
            SentinelUser = options.GetValueOrDefault("sentinelUser"),
            SentinelPassword = options.GetValueOrDefault("sentinelPassword") ?? ReadPassword(options, "sentinelPasswordFile"),
            UsesOldProtocol = ReadProtocol(options) == "resp2",
            Replicas = ReadNumber("wait", options.GetValueOrDefault("wait", ""), 0, 100),
            Time = time,
        };
    }

    private static Dictionary<string, string> ReadOptions(string? query)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(option, '=');
            if (!Options.Contains(name))
            {
                throw new FormatException(
                    $"the Redis URL has the unknown option \"{name}\"; did you mean \"{NearestName.Among(Options, name)}\"? Known options: {string.Join(", ", Options)}");
            }
            if (string.IsNullOrEmpty(value))
                throw new FormatException($"the Redis URL's option \"{name}\" has no value; write {name}=VALUE, or leave it out");
            options[name] = Uri.UnescapeDataString(value);
        }
        return options;
    }

    private static string? ReadProtocol(Dictionary<string, string> options) =>
        options.TryGetValue("protocol", out var protocol) && protocol is not ("resp2" or "resp3")
            ? throw new FormatException($"the Redis URL's protocol is '{protocol}', wanted is resp2 or resp3")
            : protocol;

    private static (string Host, int Port) ReadHost(string text, int defaultPort)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf(']') : -1;
        var colon = text.IndexOf(':', bracket + 1);
        var host = bracket > 0 ? text[1..bracket] : colon < 0 ? text : text[..colon];
        if (host.Length == 0 || host.Contains('[', StringComparison.Ordinal) || (bracket > 0 && colon != bracket + 1 && text.Length != bracket + 1))
            throw new FormatException($"the Redis URL's host is '{text}', wanted is HOST, HOST:PORT or [ADDRESS]:PORT");
        return (host, colon < 0 ? defaultPort : ReadNumber("port", text[(colon + 1)..], 1, ushort.MaxValue));
    }

    private static string? ReadPassword(Dictionary<string, string> options, string name)
    {
        if (!options.TryGetValue(name, out var path))
            return null;
        try
        {
            using var text = new StreamReader(new MemoryStream(UnixFile.Read(path, MostBytesOfPassword, followLink: true)));
            return text.ReadToEnd().TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FormatException($"the Redis password can't be read: {e.Message}. Correct the option {name}, or the file's mode.", e);
        }
    }

    private static int ReadNumber(string what, string text, int least, int most)
    {
        if (text.Length == 0 && least == 0)
            return 0;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"the Redis URL's {what} is '{text}', wanted is a number from {least} to {most}");
    }

    private static (string Before, string? After) Cut(string text, char at)
    {
        var index = text.IndexOf(at);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}
