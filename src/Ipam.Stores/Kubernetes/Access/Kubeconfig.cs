using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ipam.Core.Stores;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>A kubeconfig file (kubernetes.io, "Organizing Cluster Access Using kubeconfig Files"). Paths in it count from its folder.</summary>
internal sealed class Kubeconfig
{
    private readonly string _path;
    private readonly YamlMap _root;

    private Kubeconfig(string path, YamlMap root) => (_path, _root) = (path, root);

    /// <summary>Reads the access of a context.</summary>
    /// <param name="path">The file.</param>
    /// <param name="context">The context's name; null for the file's current one.</param>
    /// <param name="time">The clock, for credentials that expire.</param>
    /// <exception cref="StoreException">The file can't be read or used; the message says where and why.</exception>
    public static ClusterAccess Read(string path, string? context, TimeProvider time)
    {
        try
        {
            var yaml = new YamlStream();
            using (var text = File.OpenText(path))
                yaml.Load(text);
            return new Kubeconfig(path, new YamlMap(yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode)).Access(context, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException or CryptographicException or FormatException)
        {
            throw new StoreException($"the kubeconfig {path} can't be used: {e.Message}; try it with 'kubectl --kubeconfig {path} get ippools'", e);
        }
    }

    private ClusterAccess Access(string? contextName, TimeProvider time)
    {
        contextName ??= _root.Text("current-context") ?? throw new FormatException("it has no current-context");
        var context = Named("contexts", "context", contextName);
        var cluster = Named("clusters", "cluster", Required(context, "cluster", $"context {contextName}"));
        var user = context.Text("user") is { } name ? Named("users", "user", name) : default;
        return new ClusterAccess(Server(cluster), Credentials(user, time))
        {
            Authorities = Pem(cluster, "certificate-authority") is { } authorities ? PemFiles.Certificates(authorities) : null,
            IsInsecure = cluster.IsTrue("insecure-skip-tls-verify"),
            TlsServerName = cluster.Text("tls-server-name"),
            Namespace = context.Text("namespace"),
        };
    }

    private static Uri Server(YamlMap cluster)
    {
        var text = Required(cluster, "server", "its cluster");
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var server) && server.Scheme is "https" or "http"
            ? server
            : throw new FormatException($"its server '{text}' is not a URL such as https://10.0.0.1:6443");
    }

    private IApiCredentials Credentials(YamlMap user, TimeProvider time)
    {
        if (!user.Map("exec").IsMissing)
            return new ExecCredentials(Exec(user.Map("exec")), time);
        var certificate = Certificate(user);
        if (user.Text("tokenFile") is { } file)
            return new TokenFile(FullPath(file), certificate, time);
        return new FixedCredentials(new Credential(user.Text("token"), certificate));
    }

    private X509Certificate2? Certificate(YamlMap user)
    {
        if (Pem(user, "client-certificate") is not { } certificate)
            return null;
        var key = Pem(user, "client-key") ?? throw new FormatException("its user has a client-certificate but no client-key");
        return PemFiles.WithKey(certificate, key);
    }

    private ExecCommand Exec(YamlMap exec)
    {
        var command = Required(exec, "command", "its exec credential");
        return new ExecCommand(
            Required(exec, "apiVersion", "its exec credential"),
            command.Contains('/', StringComparison.Ordinal) ? FullPath(command) : command,
            exec.Texts("args").ToList(),
            exec.Maps("env").Where(static entry => entry.Text("name") is not null)
                .Select(static entry => KeyValuePair.Create(entry.Text("name")!, entry.Text("value") ?? "")).ToList(),
            exec.Text("installHint") ?? "");
    }

    private YamlMap Named(string list, string kind, string name)
    {
        foreach (var entry in _root.Maps(list))
        {
            if (entry.Text("name") == name)
                return entry.Map(kind);
        }
        throw new FormatException($"it names the {kind} {name}, which its {list} lack");
    }

    /// <summary>What is in the file that a key names, or in the key with "-data" behind, which goes first.</summary>
    private string? Pem(YamlMap map, string key)
    {
        if (map.Text($"{key}-data") is { } data)
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        return map.Text(key) is { } file ? File.ReadAllText(FullPath(file)) : null;
    }

    private string FullPath(string path) => Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(_path))!);

    private static string Required(YamlMap map, string key, string where) => map.Text(key) ?? throw new FormatException($"{where} has no {key}");
}
