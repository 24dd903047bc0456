using System.Web;
using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.History;
using Ipam.Stores.Tests.Contract;

namespace Ipam.Stores.Tests.Text;

/// <summary>What a node is asked for its history, and what it answers.</summary>
public sealed class HistoryProtocolTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMilliseconds(1);

    public static TheoryData<HistoryQuestion> Questions =>
    [
        new HistoryQuestion(),
        new HistoryQuestion { Address = Address.Parse("2001:db8::7"), Space = "a b&c=d" },
        new HistoryQuestion { Holder = "shop/web-0?x=%2F\u202e", Since = Noon, Until = Noon.AddDays(1) },
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_arrives_as_it_was_asked(HistoryQuestion question)
    {
        var query = HttpUtility.ParseQueryString(HistoryProtocol.Write(question));

        Assert.Equal(question, HistoryProtocol.Read(key => query[key]));
    }

    [Fact]
    public void Events_arrive_as_they_were_noted()
    {
        var lease = LeaseEvent.Kept(Some.Lease("10.0.0.1")) with { Pod = new PodReference("shop", "web-0", "uid") };
        LeaseEvent[] events =
        [
            new(lease, Noon, new BeginReason(BeginCause.Moved, "ann@admin"), null),
            new(lease, Noon.AddHours(1), null, new ReleaseReason(ReleaseCause.Reconciliation, lease.Node, "its namespace is gone")),
        ];

        Assert.Equal(events, HistoryProtocol.Read(HistoryProtocol.Write(events).Span));
        Assert.Throws<InvalidDataException>(() => HistoryProtocol.Read(HistoryProtocol.Write(events).Span[..^1]));
    }
}
