using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Ipam.Core.Stores;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>Credentials that a program prints; it is run again when they expire or are refused.</summary>
internal sealed class ExecCredentials(ExecCommand command, TimeProvider time) : IApiCredentials
{
    /// <summary>How long before its end a credential counts as expired.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private sealed record Printed(Credential Credential, DateTimeOffset Until);

    private readonly SemaphoreSlim _running = new(1);
    private volatile Printed? _last;

    public X509Certificate2? Certificate => _last?.Credential.Certificate;

    public async ValueTask<Credential> GetAsync(bool anew, CancellationToken cancellationToken)
    {
        var before = _last;
        if (!anew && IsValid(before))
            return before!.Credential;
        await _running.WaitAsync(cancellationToken);
        try
        {
            // Another request may have had it run while this one waited.
            var last = _last;
            if (last is null || ReferenceEquals(last, before) || !IsValid(last))
                _last = last = Parse(await RunAsync(cancellationToken));
            return last.Credential;
        }
        finally
        {
            _running.Release();
        }
    }

    public void Dispose()
    {
        _last?.Credential.Certificate?.Dispose();
        _running.Dispose();
    }

    private bool IsValid(Printed? printed) => printed is not null && time.GetUtcNow() < printed.Until - Margin;

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.Command, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $$$"""{"apiVersion":"{{{JsonEncodedText.Encode(command.ApiVersion)}}}","kind":"ExecCredential","spec":{"interactive":false}}""";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var errors = process.StandardError.ReadToEndAsync(cancellationToken);
                var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? output : throw Failed($"exit code {process.ExitCode}: {(await errors).Trim()}");
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception e)
        {
            throw Failed(command.InstallHint.Length == 0 ? e.Message : $"{e.Message}; {command.InstallHint}", e);
        }
    }

    private Printed Parse(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var status = document.RootElement.GetProperty("status");
            var token = Text(status, "token");
            var certificate = Text(status, "clientCertificateData") is { } pem ? PemFiles.WithKey(pem, Text(status, "clientKeyData") ?? "") : null;
            if (token is null && certificate is null)
                throw Failed("it printed neither a token nor a client certificate");
            var until = Text(status, "expirationTimestamp") is null ? DateTimeOffset.MaxValue : status.GetProperty("expirationTimestamp").GetDateTimeOffset();
            return new Printed(new Credential(token, certificate), until);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or CryptographicException)
        {
            throw Failed($"it printed no ExecCredential: {e.Message}", e);
        }
    }

    private static string? Text(JsonElement status, string property) =>
        status.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private StoreException Failed(string what, Exception? inner = null) =>
        new($"the program {command.Command} of the kubeconfig gave no credential for the Kubernetes API: {what}", inner);
}
