using System.Text.Json;
using Ipam.Core.Addresses;
using Ipam.Core.Pools;

namespace Ipam.Stores.Pools;

/// <summary>A reservation as JSON, without its name, version and time. Reading checks the form only; for the rest see <see cref="ReservationRules"/>.</summary>
public static class ReservationJson
{
    /// <summary>Reads a reservation.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The rest of it.</param>
    /// <exception cref="FormatException">It has not the form of a reservation; the message says what was found and what is wanted.</exception>
    public static Reservation Read(string name, JsonElement json) => JsonFields.Decode("reservation", () => ReadFields(name, json));

    private static Reservation ReadFields(string name, JsonElement json)
    {
        var fields = new JsonFields(json, "reservation", "space", "addresses", "reason", "onRequest");
        return new Reservation
        {
            Name = name,
            Space = fields.Text("space") ?? "default",
            Addresses = RangeForm.ReadRanges(fields.Texts("addresses"), "reservation", "addresses"),
            Reason = fields.Text("reason") ?? "",
            OnRequest = fields.Flag("onRequest"),
        };
    }

    /// <summary>What can be read of a damaged reservation: its space, and those of its addresses that are some. Null if nothing can.</summary>
    internal static Reservation? Salvage(string name, string document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("addresses", out var addresses))
                return null;
            var texts = addresses.ValueKind == JsonValueKind.Array ? addresses.EnumerateArray().ToArray() : [addresses];
            List<AddressRange> ranges = [];
            foreach (var text in texts)
            {
                if (text.ValueKind == JsonValueKind.String && AddressRange.TryParse(text.GetString()!, out var range))
                    ranges.Add(range);
            }
            var space = json.RootElement.TryGetProperty("space", out var given) ? given : default;
            return ranges.Count == 0 || space.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)
                ? null
                : new Reservation { Name = name, Space = space.ValueKind == JsonValueKind.String ? space.GetString()! : "default", Addresses = ranges };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes a reservation as an object.</summary>
    public static void Write(Utf8JsonWriter writer, Reservation reservation)
    {
        writer.WriteStartObject();
        writer.WriteString("space", reservation.Space);
        JsonText.WriteTexts(writer, "addresses", reservation.Addresses.Select(static range => range.ToString()));
        if (reservation.Reason.Length > 0)
            writer.WriteString("reason", reservation.Reason);
        JsonText.WriteFlag(writer, "onRequest", reservation.OnRequest);
        writer.WriteEndObject();
    }
}
