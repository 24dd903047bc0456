using Ipam.Core.Blocks;
using Ipam.Core.Tests.Support;

namespace Ipam.Core.Tests.Blocks;

public class StickyMarkTests
{
    private static readonly StickyOwner Web = new(StickyKind.StatefulSet, "shop", "web-0");
    private static readonly StickyOwner Claim = new(StickyKind.IPAMClaim, "shop", "db.blue") { Uid = "0d5f-1" };

    [Theory]
    [InlineData("/run/netns/x")]
    [InlineData("")]
    [InlineData("/run/netns/x/net:[4026532281]@1f2e3d4c.9a8b7c6d")]
    [InlineData("/run/sticky:0:StatefulSet/shop/web-0")]
    [InlineData("/run/sticky:")]
    public void A_place_comes_back_with_a_mark_and_without_one(string place)
    {
        foreach (var mark in (StickyMark?[])[null, new(Web, null), new(Web, TimeSpan.FromHours(1)), new(new StickyOwner(StickyKind.Name, "", "a.b_c-D"), TimeSpan.FromSeconds(1)), new(Claim, null)])
            Assert.Equal((place, mark), StickyMark.Split(StickyMark.Join(place, mark)));
    }

    [Theory]
    [InlineData("/run/netns/x")]
    [InlineData("/x/sticky:1")]
    [InlineData("/x/sticky:-1:StatefulSet/shop/web-0")]
    [InlineData("/x/sticky:1:Something/shop/web-0")]
    [InlineData("/x/sticky:1:1/shop/web-0")]
    [InlineData("/x/sticky:1:Name/shop/")]
    [InlineData("/x/sticky:0:IPAMClaim/shop/db.blue")]
    [InlineData("/x/sticky:0:IPAMClaim/shop/db.blue/")]
    [InlineData("/x/sticky:0:IPAMClaim/shop/db.blue/uid/more")]
    [InlineData("/x/sticky:0:StatefulSet/shop/web-0/uid")]
    public void Any_other_text_is_a_place(string text)
    {
        Assert.Equal((text, null), StickyMark.Split(text));
        Assert.Equal(text, StickyMark.Join(text, null));
    }

    [Fact]
    public void What_is_kept_tells_whose_it_is_for_which_interface_and_until_when()
    {
        var lease = Some.Lease("10.0.0.1") with { Sticky = new StickyMark(Web, TimeSpan.FromHours(1)), NetworkNamespace = "/run/netns/x" };

        var kept = lease.Kept(Some.Instant, "node")!;

        Assert.Equal("sticky:net/StatefulSet/shop/web-0/eth0/default/10.0.0.1", kept.Owner.ToString());
        Assert.Equal(new StickyInterface(Web, "net", "eth0"), kept.StickyInterface);
        Assert.Equal(lease.StickyInterface, kept.StickyInterface);
        Assert.Equal((Some.Instant + TimeSpan.FromHours(1), ""), (kept.EndsAt, kept.NetworkNamespace));
        Assert.Equal((false, true), (kept.IsOver(Some.Instant + TimeSpan.FromMinutes(59)), kept.IsOver(Some.Instant + TimeSpan.FromHours(1))));
        // A clock that was set back ends nothing.
        Assert.False(kept.IsOver(Some.Instant - TimeSpan.FromDays(9)));
        Assert.Null(lease.EndsAt);
        Assert.Null(kept.Kept(Some.Instant, "node"));
        Assert.Null(Some.Lease("10.0.0.1").Kept(Some.Instant, "node"));
        Assert.Equal("StatefulSet shop/web", Web.ObjectText);
    }

    [Fact]
    public void A_claim_that_is_made_anew_is_another_owner_and_has_no_time()
    {
        var lease = Some.Lease("10.0.0.1") with { Sticky = new StickyMark(Claim, null) };

        var kept = lease.Kept(Some.Instant, "node")!;

        Assert.Equal("sticky:net/IPAMClaim/shop/db.blue/0d5f-1/eth0/default/10.0.0.1", kept.Owner.ToString());
        Assert.Equal(new StickyInterface(Claim, "net", "eth0"), kept.StickyInterface);
        Assert.NotEqual(new StickyInterface(Claim with { Uid = "0d5f-2" }, "net", "eth0"), kept.StickyInterface);
        Assert.Equal("IPAMClaim shop/db.blue with UID 0d5f-1", Claim.ObjectText);
        Assert.False(kept.IsOver(Some.Instant + TimeSpan.FromDays(3650)));
    }
}
