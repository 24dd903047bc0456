using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ipam.Stores.Tests.Kubernetes.Support;

/// <summary>An issuer of id tokens (OpenID Connect): its discovery document and its token endpoint. Each refresh token is good once.</summary>
internal sealed class OidcIssuer : IAsyncDisposable
{
    private readonly FakeApi _server;
    private int _turn;

    public OidcIssuer(X509Certificate2 certificate)
    {
        _server = new FakeApi(Answer, certificate);
    }

    public string Url => _server.Url + "realm";

    /// <summary>The forms that came to the token endpoint.</summary>
    public IEnumerable<string> Forms => _server.Requests.Where(static request => request.Method == "POST").Select(static request => request.Body);

    /// <summary>How long the tokens are good that it gives.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The refresh token that is good next.</summary>
    public string Good => $"refresh-{_turn}";

    /// <summary>A token that names its end.</summary>
    public static string Token(DateTimeOffset end, string subject = "me") =>
        $"{Part("""{"alg":"none"}""")}.{Part($$"""{"sub":"{{subject}}","exp":{{end.ToUnixTimeSeconds()}}}""")}.{Part("signature")}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private FakeReply Answer(FakeRequest request) => request switch
    {
        { Method: "GET", Path: "/realm/.well-known/openid-configuration" } => new FakeReply(200, $$"""{"issuer":"{{Url}}","token_endpoint":"{{_server.Url}}elsewhere/token"}"""),
        { Method: "POST", Path: "/elsewhere/token" } when request.Body.Contains($"refresh_token={Good}&", StringComparison.Ordinal) =>
            new FakeReply(200, $$"""{"id_token":"{{Token(DateTimeOffset.UtcNow + Lifetime, $"turn-{++_turn}")}}","refresh_token":"{{Good}}"}"""),
        { Method: "POST" } => new FakeReply(400, """{"error":"invalid_grant","error_description":"it was used before"}"""),
        _ => new FakeReply(404, "{}"),
    };
}
