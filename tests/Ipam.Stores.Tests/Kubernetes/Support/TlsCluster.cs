using System.Text;
using Ipam.Stores.Kubernetes;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>
/// A fake API server with TLS, an authority beside it, and a folder with what a kubeconfig may name: <c>ca.pem</c>, <c>me.pem</c> and
/// <c>me.key</c>, <c>token</c>.
/// </summary>
internal sealed class TlsCluster : IAsyncDisposable
{
    private const string EmptyList = """{"kind":"List","metadata":{"resourceVersion":"10"},"items":[]}""";

    public TlsCluster(Func<FakeRequest, bool>? accepts = null)
    {
        Api = new FakeApi(request => accepts?.Invoke(request) == false ? FakeReply.Refusal(401, "Unauthorized") : new FakeReply(200, EmptyList), Issuer.Server());
        Folder.Write("ca.pem", Issuer.Pem);
        Folder.Write("token", "from-a-file\n");
        Show("me");
    }

    public Issuer Issuer { get; } = new();

    public FakeApi Api { get; }

    public TempFolder Folder { get; } = new();

    /// <summary>Writes a kubeconfig; in it, CA, CERT and KEY in capitals are the files of that kind in base 64, PORT is the server's port.</summary>
    public string Kubeconfig(string cluster, string user, string name = "kubeconfig") => Write(name, $$$"""
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: us, user: me}}, {name: nowhere, context: {cluster: them}}]
        clusters: [{name: us, cluster: {server: "https://127.0.0.1:PORT", {{{cluster}}}}}]
        users: [{name: me, user: {{{{user}}}}}]
        """);

    /// <summary>Writes a file, with the same words replaced.</summary>
    public string Write(string name, string text) => Folder.Write(name, text
        .Replace("PORT", Api.Port.ToString(null, null), StringComparison.Ordinal)
        .Replace("CA64", File64("ca.pem"), StringComparison.Ordinal)
        .Replace("CERT64", File64("me.pem"), StringComparison.Ordinal)
        .Replace("KEY64", File64("me.key"), StringComparison.Ordinal));

    /// <summary>Writes a program beside the kubeconfig.</summary>
    public void Script(string name, string text)
    {
        Folder.Write(name, $"#!/bin/sh\ncd \"$(dirname \"$0\")\"\n{text}\n");
        File.SetUnixFileMode(Folder.Combine(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a client certificate as <c>me.pem</c> and <c>me.key</c>, and as <c>me.json</c>: what an exec program prints.</summary>
    public void Show(string client, DateTimeOffset? until = null)
    {
        var (certificate, key) = Issuer.Client(client, until);
        Folder.Write("me.pem", certificate);
        Folder.Write("me.key", key);
        Folder.Write("me.json", $$"""
            {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
             "status":{"clientCertificateData":"{{OneLine(certificate)}}","clientKeyData":"{{OneLine(key)}}"} }
            """);
    }

    /// <summary>A store over a kubeconfig, open.</summary>
    public static async Task<KubernetesStore> OpenAsync(string kubeconfig, TimeProvider? time = null, string? context = null)
    {
        var store = new KubernetesStore(new KubernetesUrl(kubeconfig, context), time ?? TimeProvider.System);
        try
        {
            await store.OpenAsync(default);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        Issuer.Dispose();
        Folder.Dispose();
    }

    private static string OneLine(string pem) => pem.ReplaceLineEndings("\\n");

    private string File64(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(Folder.Combine(name))));
}
