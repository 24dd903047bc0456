using System.Diagnostics;
using System.Net;
using Cni.Protocol;
using Ipam.Plugin.Probing;
using Ipam.Plugin.Service;

namespace Ipam.Plugin.Tests.Probing;

/// <summary>Real questions to a real host on a bridge.</summary>
public sealed class WireProbeTests : IDisposable
{
    private static readonly IPAddress V4 = IPAddress.Parse("10.214.1.2");
    private static readonly IPAddress V6 = IPAddress.Parse("fd14:1::2");

    private readonly Lazy<OtherHost> _host = new(static () => new OtherHost());

    private OtherHost Host => _host.Value;

    public void Dispose()
    {
        if (_host.IsValueCreated)
            Host.Dispose();
    }

    [RootFact("ip")]
    public void Who_has_an_address_is_found_in_both_families_at_once()
    {
        Host.With($"{V4}/24", $"{V6}/64");

        var found = Ask("10.214.1.1", $"{V4}", "fd14:1::1", $"{V6}");

        Assert.Equal([new AddressInUse(V4, Host.Mac), new AddressInUse(V6, Host.Mac)], found.OrderBy(static one => one.Address.AddressFamily));
    }

    [RootFact("ip")]
    public void Nobody_is_waited_for_longer_than_200_ms_and_less_where_all_answer()
    {
        Host.With($"{V4}/24", $"{V6}/64");
        var (most, less) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(150));
        Assert.InRange(Quickest(most, () => Assert.Empty(Ask("10.214.1.1", "fd14:1::1"))), less, most);
        Assert.InRange(Quickest(less, () => Assert.Equal(2, Ask($"{V4}", $"{V6}").Count)), TimeSpan.Zero, less);
    }

    [RootTheory("ip")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wire_without_IPv6_of_its_own_can_be_asked_too(bool isOff)
    {
        Host.With($"{V6}/64");
        Command.Run("sysctl", "-q", "-w", $"net.ipv6.conf.{Host.Wire}.disable_ipv6={(isOff ? 1 : 0)}");
        Assert.Equal(Host.Mac, Assert.Single(Ask($"{V6}")).AnsweredBy);
    }

    [RootFact("ip")]
    public void An_interface_that_is_down_has_nobody_who_could_answer()
    {
        Host.With($"{V4}/24");
        Command.Run("ip", "link", "set", Host.Wire, "down");
        Assert.Empty(Ask($"{V4}"));
    }

    [RootTheory]
    [InlineData("lo", "ipam: can't probe on lo: it is no Ethernet interface")]
    [InlineData("no-such-wire", "ipam: can't probe on no-such-wire: there is no such interface on this host")]
    [InlineData("1", "ipam: can't probe on 1: there is no such interface on this host")]
    public void An_interface_on_which_nobody_can_be_asked_is_refused(string name, string message)
    {
        var refused = Assert.Throws<CniException>(() => new WireProbe(name).Ask([V4]));
        Assert.Equal((7, true), (refused.Error.Code, refused.Message.StartsWith(message, StringComparison.Ordinal)));
    }

    private IReadOnlyList<AddressInUse> Ask(params string[] addresses) => new WireProbe(Host.Wire).Ask(addresses.Select(IPAddress.Parse));

    // The machine may be busy with something else.
    private static TimeSpan Quickest(TimeSpan wanted, Action work)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 40 && best > wanted; i++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            best = Stopwatch.GetElapsedTime(start) < best ? Stopwatch.GetElapsedTime(start) : best;
        }
        return best;
    }
}
