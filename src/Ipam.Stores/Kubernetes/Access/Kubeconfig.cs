using System.Net;
using Ipam.Core.Stores;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>
/// Kubeconfig files, merged as kubectl does: the first that has an entry of a name wins, and so does the first current-context
/// (kubernetes.io, "Organizing Cluster Access Using kubeconfig Files"). Read by hand: KubernetesClient's reader takes most of a second, for
/// it looks at every type of the API first; knows no tokenFile, proxy-url and as-uid; and fails on a valid as-user-extra.
/// </summary>
internal sealed class Kubeconfig
{
    private readonly List<Section> _files = [];

    /// <summary>Reads the access of a context.</summary>
    /// <param name="paths">The files. A single one must exist; of several, some may be missing.</param>
    /// <param name="context">The context's name; null for the current one.</param>
    /// <param name="time">The clock, for credentials that expire.</param>
    /// <exception cref="StoreException">They can't be read or used; the message names file and field.</exception>
    public static ClusterAccess Read(IReadOnlyList<string> paths, string? context, TimeProvider time)
    {
        var config = new Kubeconfig();
        foreach (var path in paths.Where(path => paths.Count == 1 || File.Exists(path)))
            config._files.Add(Load(path));
        var all = string.Join(", ", paths);
        return config._files.Count > 0
            ? config.Access(context, time)
            : throw new StoreException($"none of the kubeconfig files {all} is there; check KUBECONFIG, or the store's URL");
    }

    private static Section Load(string path)
    {
        try
        {
            var yaml = new YamlStream();
            using (var text = new StringReader(SecretText.InFile("the store's URL, or KUBECONFIG,", path).Read()))
                yaml.Load(text);
            return new Section(path, "", yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode);
        }
        catch (Exception e) when (e is YamlException or StoreException)
        {
            var what = e is YamlException yaml ? $"line {yaml.Start.Line} is no YAML ({e.Message})" : e.Message;
            throw new StoreException($"the kubeconfig {path} can't be used: {what}; try it with 'kubectl --kubeconfig {path} get ippools'", e);
        }
    }

    private ClusterAccess Access(string? wanted, TimeProvider time)
    {
        var name = wanted ?? _files.Select(static file => file.Text("current-context")).FirstOrDefault(static name => name is not null)
            ?? throw _files[0].Wrong("current-context", "is missing; name a context in the store's URL with ?context=NAME, or set one");
        var context = Named("contexts", "context", name, _files[0], wanted is null ? "current-context" : "contexts");
        var cluster = Named("clusters", "cluster", context.Required("cluster"), context, "cluster");
        var user = context.Text("user") is { } who ? Named("users", "user", who, context, "user") : null;
        var server = Url(cluster, "server", "https", "http")
            ?? throw cluster.Wrong("server", "is missing");
        var isInsecure = cluster.IsTrue("insecure-skip-tls-verify");
        var authority = cluster.DataOrFile("certificate-authority");
        if (isInsecure && authority is not null)
            throw cluster.Wrong("insecure-skip-tls-verify", "is true beside a certificate-authority; keep one of them");
        return new ClusterAccess(
            new Uri(server.AbsoluteUri.TrimEnd('/') + "/"),
            user is null ? new Credentials(new WrittenCredentials(time).ReadAsync, WrittenCredentials.Late, time) : KubeconfigUser.Credentials(user, cluster, time))
        {
            Authorities = authority is null ? null : new Authorities(authority),
            IsInsecure = isInsecure,
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = Url(cluster, "proxy-url", "http", "https", "socks5") is { } proxy ? Proxy(proxy) : null,
            Impersonation = user is null ? new Dictionary<string, string>() : KubeconfigUser.Impersonation(user),
            Namespace = context.Text("namespace"),
        };
    }

    private Section Named(string list, string kind, string name, Section from, string key) =>
        _files.Select(file => file.Named(list, kind, name)).FirstOrDefault(static found => found is not null)
            ?? throw from.Wrong(key, $"names {name}, which its {list} lack; they have {Names(list)}");

    private string Names(string list)
    {
        var names = string.Join(", ", _files.SelectMany(file => file.Maps(list)).Select(static entry => entry.Text("name")).Distinct());
        return names.Length == 0 ? "nothing" : names;
    }

    private static Uri? Url(Section section, string key, params string[] schemes)
    {
        if (section.Text(key) is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme)
            ? url
            : throw section.Wrong(key, $"is '{WithoutUser(text)}', not a URL that begins with {string.Join(" or ", schemes.Select(static scheme => $"{scheme}://"))}");
    }

    /// <summary>A URL, for messages: who logs in, and by which password, is left out.</summary>
    private static string WithoutUser(string url)
    {
        var at = url.LastIndexOf('@');
        var user = url.IndexOf("//", StringComparison.Ordinal) + 2;
        return at < user ? url : $"{url[..Math.Min(user, at)]}***{url[at..]}";
    }

    private static WebProxy Proxy(Uri url)
    {
        var proxy = new WebProxy(url);
        if (url.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest])
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(name), rest is [var password] ? Uri.UnescapeDataString(password) : "");
        return proxy;
    }
}
