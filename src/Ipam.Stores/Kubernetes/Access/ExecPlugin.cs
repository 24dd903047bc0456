using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>
/// A program that prints a credential (client.authentication.k8s.io, ExecCredential): a token, a client certificate, or both. It is run
/// again before what it printed expires.
/// </summary>
internal sealed class ExecPlugin
{
    private const int MostCharacters = 1 << 20;
    private const int MostOfErrors = 500;

    /// <summary>How long before its end a credential counts as expired.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly Section _exec;
    private readonly string _command;
    private readonly string _information;
    private string _lastPem = "";

    /// <summary>The program that a kubeconfig names.</summary>
    /// <param name="exec">The kubeconfig's section.</param>
    /// <param name="cluster">The cluster's section, of which the program may want to know.</param>
    /// <exception cref="StoreException">The section can't be used.</exception>
    public ExecPlugin(Section exec, Section cluster)
    {
        _exec = exec;
        var command = exec.Required("command");
        _command = command.Contains('/', StringComparison.Ordinal) ? exec.FullPath(command) : command;
        if (exec.Text("interactiveMode") == "Always")
            throw exec.Wrong("interactiveMode", "is Always, but there is nobody to ask; use a program that works alone");
        _information = Information(exec.Required("apiVersion"), exec.IsTrue("provideClusterInfo") ? cluster : null);
    }

    /// <summary>What is said while it runs too long.</summary>
    public string Late => $"the program {_command} of the kubeconfig didn't finish; run it by hand as the same user";

    /// <summary>Runs it, as <see cref="Credentials"/> wants it.</summary>
    /// <exception cref="StoreException">It gave no credential.</exception>
    public async Task<Credential> RunAsync(Credential? last, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_command, _exec.Texts("args")) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var variable in _exec.Maps("env"))
            start.Environment[variable.Required("name")] = variable.Text("value") ?? "";
        start.Environment["KUBERNETES_EXEC_INFO"] = _information;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var errors = ReadAsync(process.StandardError, cancellationToken);
                var output = await ReadAsync(process.StandardOutput, cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? Parse(output, last) : throw Failed($"exit code {process.ExitCode}: {Beginning(await errors)}");
            }
            catch (OperationCanceledException e)
            {
                process.Kill(entireProcessTree: true);
                throw Failed("it took too long", e);
            }
        }
        catch (Win32Exception e)
        {
            throw Failed(_exec.Text("installHint") is { } hint ? $"{e.Message}; {hint}" : e.Message, e);
        }
    }

    /// <summary>Reads to the end, but keeps no more than the beginning.</summary>
    private static string Beginning(string errors) => errors.Length <= MostOfErrors ? errors.Trim() : errors[..MostOfErrors].Trim() + " ...";

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var piece = new char[1024];
        while (await reader.ReadAsync(piece, cancellationToken) is > 0 and var count)
            text.Append(piece, 0, Math.Min(count, MostCharacters - text.Length));
        return text.ToString();
    }

    private Credential Parse(string output, Credential? last)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var status = document.RootElement.GetProperty("status");
            var token = Text(status, "token");
            var certificate = Text(status, "clientCertificateData") is { } pem ? Certificate(pem, Text(status, "clientKeyData"), last) : null;
            if (token is null && certificate is null)
                throw Failed("it printed neither a token nor a client certificate");
            var until = Text(status, "expirationTimestamp") is null ? DateTimeOffset.MaxValue : status.GetProperty("expirationTimestamp").GetDateTimeOffset();
            if (certificate is not null && ClientCertificate.EndOf(certificate) < until)
                until = ClientCertificate.EndOf(certificate);
            var header = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return new Credential(header, certificate, until == DateTimeOffset.MaxValue ? until : until - Margin);
        }
        // What it printed may have secrets in it: only where it went wrong is said.
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Failed($"it printed no ExecCredential: {StoredData.Why(e)}", e);
        }
    }

    private SslStreamCertificateContext Certificate(string pem, string? key, Credential? last)
    {
        if (key is null)
            throw Failed("it printed clientCertificateData without clientKeyData");
        // The same certificate stays the same object, and with it the connections that showed it.
        if (last?.Certificate is { } same && _lastPem == pem + key)
            return same;
        var made = ClientCertificate.Read(SecretText.Of("clientCertificateData", pem), SecretText.Of("clientKeyData", key));
        _lastPem = pem + key;
        return made;
    }

    /// <summary>What the program is told in KUBERNETES_EXEC_INFO.</summary>
    private static string Information(string apiVersion, Section? cluster)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", apiVersion);
            json.WriteString("kind", "ExecCredential");
            json.WriteStartObject("spec");
            json.WriteBoolean("interactive", false);
            if (cluster is not null)
            {
                if (cluster.Maps("extensions").Any(static extension => extension.Text("name") == "client.authentication.k8s.io/exec"))
                    throw cluster.Wrong("extensions", "has configuration for the exec program (client.authentication.k8s.io/exec), which is not passed on");
                json.WriteStartObject("cluster");
                foreach (var key in (string[])["server", "tls-server-name", "proxy-url"])
                {
                    if (cluster.Text(key) is { } value)
                        json.WriteString(key, value);
                }
                json.WriteBoolean("insecure-skip-tls-verify", cluster.IsTrue("insecure-skip-tls-verify"));
                if (cluster.DataOrFile("certificate-authority") is { } authority)
                    json.WriteBase64String("certificate-authority-data", Encoding.UTF8.GetBytes(authority.Read()));
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string? Text(JsonElement status, string property) =>
        status.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private StoreException Failed(string what, Exception? inner = null) =>
        new($"the program {_command} of the kubeconfig gave no credential for the Kubernetes API: {what}", inner);
}
