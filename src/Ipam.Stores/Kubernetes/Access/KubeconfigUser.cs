using System.Net.Http.Headers;
using System.Text;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>What a user's entry of a kubeconfig says: who we are, and whom we ask to be taken for.</summary>
internal static class KubeconfigUser
{
    private static readonly string[] Impersonated = ["as-uid", "as-groups", "as-user-extra"];

    /// <summary>Who we are.</summary>
    /// <exception cref="StoreException">The entry can't be used.</exception>
    public static Credentials Credentials(Section user, Section cluster, TimeProvider time)
    {
        var exec = user.Map("exec");
        var provider = user.Map("auth-provider");
        if (exec is not null && provider is not null)
            throw user.Wrong("auth-provider", "is there beside exec; keep one of them");
        if (exec is not null)
        {
            var plugin = new ExecPlugin(exec, cluster);
            return new Credentials(plugin.RunAsync, plugin.Late, time);
        }
        if (provider is not null)
            return Oidc(provider, time);
        var written = new WrittenCredentials(time)
        {
            // What the file says is newer.
            Token = user.File("tokenFile") ?? user.Inline("token"),
            Basic = Basic(user),
            Certificate = Certificate(user),
        };
        if (written is { Token: not null, Basic: not null })
            throw user.Wrong("username", "is there beside a token; keep one of them");
        return new Credentials(written.ReadAsync, WrittenCredentials.Late, time);
    }

    /// <summary>The headers that ask to be taken for another user (kubernetes.io, "User impersonation").</summary>
    /// <exception cref="StoreException">The entry can't be used.</exception>
    public static IReadOnlyDictionary<string, string> Impersonation(Section user)
    {
        if (user.Text("as") is not { } name)
        {
            return user.Keys.Intersect(Impersonated).FirstOrDefault() is { } lonely
                ? throw user.Wrong(lonely, "is there without 'as', which names the user")
                : new Dictionary<string, string>();
        }
        var headers = new Dictionary<string, string> { ["Impersonate-User"] = name };
        if (user.Text("as-uid") is { } uid)
            headers["Impersonate-Uid"] = uid;
        if (Single(user, "as-groups") is { } group)
            headers["Impersonate-Group"] = group;
        if (user.Map("as-user-extra") is { } extra)
        {
            foreach (var key in extra.Keys)
            {
                if (Single(extra, key) is { } value)
                    headers[$"Impersonate-Extra-{HeaderKey(key)}"] = value;
            }
        }
        var wrong = headers.FirstOrDefault(static header => header.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'));
        return wrong.Key is null ? headers : throw user.Wrong("as", $"or what follows it has a value that no HTTP header takes ({wrong.Key}); wanted is plain ASCII");
    }

    /// <summary>The only text of a list. The server wants a header for each, and HttpClient makes one of several, of which there is no user.</summary>
    private static string? Single(Section section, string key) => section.Texts(key) switch
    {
        [] => null,
        [var only] => only,
        var several => throw section.Wrong(key, $"has {several.Count} entries, of which only one can be sent; keep one, and give the user that you impersonate the rest"),
    };

    /// <summary>A key as a header's name: in lower case, and what such a name can't have in percent signs and hexadecimal.</summary>
    private static string HeaderKey(string key)
    {
        var name = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(key.ToLowerInvariant()))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || "!#$&'*+-.^_`|~".Contains((char)octet, StringComparison.Ordinal))
                name.Append((char)octet);
            else
                name.Append('%').Append(octet.ToString("X2", null));
        }
        return name.ToString();
    }

    private static Credentials Oidc(Section provider, TimeProvider time)
    {
        if (provider.Required("name") is not "oidc" and var other)
            throw provider.Wrong("name", $"is '{other}', which is unknown here; known is oidc. For {other} use the exec program that your provider offers");
        var tokens = new OidcTokens(provider.Map("config") ?? throw provider.Wrong("config", "is missing"));
        return new Credentials((last, cancellationToken) => tokens.GetAsync(time, last, cancellationToken), tokens.Late, time);
    }

    private static AuthenticationHeaderValue? Basic(Section user)
    {
        if (user.Text("username") is not { } name)
            return user.Text("password") is null ? null : throw user.Wrong("password", "is there without username");
        var password = user.Text("password") ?? throw user.Wrong("username", "is there without password");
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
    }

    private static (SecretText Certificate, SecretText Key)? Certificate(Section user)
    {
        var certificate = user.DataOrFile("client-certificate");
        var key = user.DataOrFile("client-key");
        return (certificate, key) switch
        {
            (null, null) => null,
            (null, _) => throw user.Wrong("client-key", "is there without client-certificate"),
            (_, null) => throw user.Wrong("client-certificate", "is there without client-key"),
            _ => Read(certificate, key),
        };
    }

    /// <summary>Read now, so that what is wrong is told at the start.</summary>
    private static (SecretText Certificate, SecretText Key) Read(SecretText certificate, SecretText key)
    {
        ClientCertificate.Read(certificate, key);
        return (certificate, key);
    }
}
