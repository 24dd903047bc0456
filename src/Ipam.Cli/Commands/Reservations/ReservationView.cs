using System.Globalization;
using Ipam.Cli.Output;
using Ipam.Core.Administration;
using Ipam.Core.Pools;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Reservations;

/// <summary>How reservations are shown. Titles, keys and their order are a contract with scripts.</summary>
internal static class ReservationView
{
    /// <summary>The view at an instant, from which ages are counted.</summary>
    public static View<ReservationStatus> At(DateTimeOffset now)
    {
        Column<ReservationStatus>[] all =
        [
            .. Columns(now, static reservation => string.Join(',', Addresses(reservation))),
            new("SIZE", static status => status.Size.ToString(CultureInfo.InvariantCulture)),
            new("CREATED", static status => TimeText.Of(status.Reservation.CreatedAt)),
            new("ON REQUEST", static status => status.Reservation.OnRequest ? "yes" : "no"),
        ];
        return new View<ReservationStatus>(Columns(now, static reservation => FewOf.These(Addresses(reservation))), all, WriteFields);
    }

    private static Column<ReservationStatus>[] Columns(DateTimeOffset now, Func<Reservation, string> addresses) =>
    [
        new("NAME", static status => status.Reservation.Name),
        new("SPACE", static status => status.Reservation.Space),
        new("ADDRESSES", status => addresses(status.Reservation)),
        new("HELD", static status => status.Held.Count.ToString(CultureInfo.InvariantCulture)),
        new("REASON", static status => status.Reservation.Reason),
        new("AGE", status => AgeText.Of(now - status.Reservation.CreatedAt)),
    ];

    private static string[] Addresses(Reservation reservation) => [.. reservation.Addresses.Select(static range => range.ToString())];

    private static void WriteFields(ReservationStatus status, IFieldWriter fields)
    {
        fields.Text("name", status.Reservation.Name);
        fields.Text("space", status.Reservation.Space);
        fields.Texts("addresses", Addresses(status.Reservation));
        fields.Text("reason", status.Reservation.Reason);
        fields.Flag("onRequest", status.Reservation.OnRequest);
        fields.Object("status", more =>
        {
            more.Number("size", status.Size);
            more.Number("held", status.Held.Count);
            more.Text("createdAt", TimeText.Of(status.Reservation.CreatedAt));
        });
    }
}
