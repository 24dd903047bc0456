using System.Text.Json;
using Ipam.Core.Pools;

namespace Ipam.Stores.Pools;

/// <summary>A reservation as JSON, without its name, version and time. Reading checks the form only; for the rest see <see cref="ReservationRules"/>.</summary>
public static class ReservationJson
{
    /// <summary>Reads a reservation.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The rest of it.</param>
    /// <exception cref="FormatException">It has not the form of a reservation; the message says what was found and what is wanted.</exception>
    public static Reservation Read(string name, JsonElement json)
    {
        var fields = new JsonFields(json, "reservation", "space", "addresses", "reason");
        return new Reservation
        {
            Name = name,
            Space = fields.Text("space") ?? "default",
            Addresses = RangeForm.ReadRanges(fields.Texts("addresses"), "reservation", "addresses"),
            Reason = fields.Text("reason") ?? "",
        };
    }

    /// <summary>Writes a reservation as an object.</summary>
    public static void Write(Utf8JsonWriter writer, Reservation reservation)
    {
        writer.WriteStartObject();
        writer.WriteString("space", reservation.Space);
        JsonText.WriteTexts(writer, "addresses", reservation.Addresses.Select(static range => range.ToString()));
        if (reservation.Reason.Length > 0)
            writer.WriteString("reason", reservation.Reason);
        writer.WriteEndObject();
    }
}
