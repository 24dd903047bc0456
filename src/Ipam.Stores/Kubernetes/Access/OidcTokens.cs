using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Ipam.Core.Stores;
using Ipam.Stores.Blocks;

namespace Ipam.Stores.Kubernetes.Access;

/// <summary>
/// The auth-provider "oidc" of a kubeconfig: an id token, and a refresh token that gets the next one from the issuer's token endpoint
/// (OpenID Connect Discovery 1.0, section 4; Core 1.0, section 12). The file stays as it is: what the issuer gives lives in memory.
/// </summary>
internal sealed class OidcTokens
{
    /// <summary>How long before its end a token counts as expired.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private const long MostBytes = 1 << 20;

    private readonly Section _config;
    private readonly Uri _issuer;
    private readonly string _clientId;
    private readonly Authorities? _authorities;
    private string? _refreshToken;

    /// <summary>The provider that a section configures.</summary>
    /// <exception cref="StoreException">It can't be used.</exception>
    public OidcTokens(Section config)
    {
        _config = config;
        var issuer = config.Required("idp-issuer-url");
        _issuer = Uri.TryCreate(issuer.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            ? url
            : throw config.Wrong("idp-issuer-url", $"is '{issuer}', not a URL");
        _clientId = config.Required("client-id");
        _refreshToken = config.Text("refresh-token");
        if (config.Text("id-token") is null && _refreshToken is null)
            throw config.Wrong("id-token", "is missing, and so is refresh-token; log in anew");
        if (config.DataOrFile("idp-certificate-authority") is { } authority)
            _authorities = new Authorities(authority);
    }

    /// <summary>What is said while the issuer doesn't answer.</summary>
    public string Late => $"the issuer {_issuer} of the kubeconfig's auth-provider oidc doesn't answer; check that it is up";

    /// <summary>The id token that is valid now, as <see cref="Credentials"/> wants it.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="last">The one before; null to begin with that of the file.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StoreException">There is none.</exception>
    public async Task<Credential> GetAsync(TimeProvider time, Credential? last, CancellationToken cancellationToken)
    {
        if (last is null && _config.Text("id-token") is { } given && EndOf(given) is var end && time.GetUtcNow() < end)
            return Credential.Bearer(given, end);
        if (_refreshToken is null)
            throw _config.Wrong("id-token", "has expired or is refused, and there is no refresh-token; log in anew");
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Tls() }) { MaxResponseContentBufferSize = MostBytes };
            var endpoint = await DiscoverAsync(http, cancellationToken);
            var token = await RefreshAsync(http, endpoint, cancellationToken);
            return Credential.Bearer(token, EndOf(token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException or UriFormatException)
        {
            throw Failed(e is JsonException ? StoredData.Why(e) : e.InnerException?.Message ?? e.Message, e);
        }
    }

    private async Task<Uri> DiscoverAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri(_issuer, ".well-known/openid-configuration"), cancellationToken);
        using var document = await ReadAsync(answer, cancellationToken);
        return Text(document, "token_endpoint") is { } endpoint
            ? new Uri(endpoint)
            : throw Failed($"its discovery document has no token_endpoint (status {(int)answer.StatusCode})");
    }

    private async Task<string> RefreshAsync(HttpClient http, Uri endpoint, CancellationToken cancellationToken)
    {
        var secret = _config.Text("client-secret") ?? "";
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"), new("refresh_token", _refreshToken!), new("client_id", _clientId),
            .. secret.Length == 0 ? (KeyValuePair<string, string>[])[] : [new("client_secret", secret)],
        ]);
        using var answer = await http.SendAsync(request, cancellationToken);
        using var document = await ReadAsync(answer, cancellationToken);
        if (Text(document, "error") is { } error)
            throw Failed($"it refused the refresh-token: {error} {Text(document, "error_description")}".TrimEnd());
        if (Text(document, "id_token") is not { } token)
            throw Failed($"its answer has no id_token (status {(int)answer.StatusCode})");
        _refreshToken = Text(document, "refresh_token") ?? _refreshToken;
        return token;
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));

    private static string? Text(JsonDocument document, string property) =>
        document.RootElement.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>When a token is to be replaced: shortly before the end that it names itself; who checks it is the API server.</summary>
    private DateTimeOffset EndOf(string token)
    {
        var parts = token.Split('.');
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts.Length == 3 ? parts[1] : ""));
            return DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64()) - Margin;
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw _config.Wrong("id-token", $"is not a token that names its end ({StoredData.Why(e)})", e);
        }
    }

    private SslClientAuthenticationOptions Tls() => _authorities is null
        ? new SslClientAuthenticationOptions()
        : new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = _authorities.Policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _authorities.Vouch(certificate, chain, errors),
        };

    private StoreException Failed(string why, Exception? inner = null) =>
        new($"the issuer {_issuer} of the kubeconfig's auth-provider oidc gave no id token: {why}; log in anew, as with 'kubectl oidc-login'", inner);
}
