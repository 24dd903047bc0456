using System.Text.Json;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.History;

/// <summary>
/// Short-lived tokens of the account by which nodes are asked for their history (kubernetes.io, TokenRequest): asked with the audience that one is to be made for,
/// answered with the token.
/// </summary>
/// <param name="space">The account's namespace.</param>
internal sealed class HistoryTokenKind(string space) : Kind<string>("", "v1", $"serviceaccounts/{Account}/token", space)
{
    /// <summary>The account. It may list our objects, so nodes answer it.</summary>
    public const string Account = "ipam-history";

    /// <summary>For how long a token is good: the shortest time that there is.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override string DefinedBy => "deploy/kubernetes/rbac";

    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader json)
    {
        var token = "";
        while (json.NextProperty())
        {
            if (!json.Is("status"u8))
            {
                json.Skip();
                continue;
            }
            if (!json.BeginsObject())
                continue;
            while (json.NextProperty())
            {
                if (json.Is("token"u8))
                    token = json.Text();
                else
                    json.Skip();
            }
        }
        return token.Length > 0 ? token : throw new InvalidDataException("no token");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, string value)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, "authentication.k8s.io/v1"u8);
        json.WriteString("kind"u8, "TokenRequest"u8);
        json.WriteStartObject("spec"u8);
        json.WriteStartArray("audiences"u8);
        json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteNumber("expirationSeconds"u8, (long)Lifetime.TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
