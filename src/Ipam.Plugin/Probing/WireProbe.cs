using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Cni.Protocol;
using Ipam.Plugin.Service;

namespace Ipam.Plugin.Probing;

/// <summary>Asks the wire whether somebody answers for addresses before a container gets them (RFC 5227, RFC 4862), all of them at once.</summary>
/// <param name="interfaceName">The interface on whose wire they are to be used.</param>
internal sealed class WireProbe(string interfaceName)
{
    /// <summary>Longer than any frame that is listened to.</summary>
    private const int LargestFrame = 2048;

    private const int Questions = 3;

    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(50);

    /// <summary>From the first question on. With what else there is to do it stays below the 200 ms that people are told of.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(160);

    /// <summary>The interface.</summary>
    public string InterfaceName => interfaceName;

    /// <summary>Those of the addresses that somebody else has. Throws <see cref="CniException"/> if nobody can be asked.</summary>
    public IReadOnlyList<AddressInUse> Ask(IEnumerable<IPAddress> addresses)
    {
        List<IPAddress> open = [.. addresses];
        if (open.Count == 0)
            return [];
        try
        {
            using var wire = Wire.Open(interfaceName)
                ?? throw Refused("there is no such interface on this host", "set ipam.probeInterface to the one on whose wire the containers are");
            if (wire.Mac is not { } mac)
                throw Refused("it is no Ethernet interface", "leave ipam.probe out");
            return Ask(wire, mac, open);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NetworkDown)
        {
            // Nobody is there who could answer.
            return [];
        }
        catch (SocketException e)
        {
            throw new CniException(
                CniErrorCode.Internal, $"ipam: can't probe on {interfaceName}: {(e.SocketErrorCode == SocketError.AccessDenied ? "permission denied" : $"socket error {e.NativeErrorCode}")}",
                "the plugin needs CAP_NET_RAW; the number is an errno");
        }
    }

    private static List<AddressInUse> Ask(Wire wire, byte[] mac, List<IPAddress> open)
    {
        Listen(wire, open);
        List<AddressInUse> found = [];
        Span<byte> buffer = stackalloc byte[LargestFrame];
        var start = Stopwatch.GetTimestamp();
        for (var asked = 0; open.Count > 0;)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed >= Patience)
                break;
            if (asked < Questions && elapsed >= asked * BetweenQuestions)
            {
                foreach (var address in open)
                    wire.Send(address.AddressFamily == AddressFamily.InterNetwork ? ArpQuestion.Frame(address, mac) : NeighbourQuestion.Frame(address, mac));
                asked++;
            }
            var next = asked < Questions ? asked * BetweenQuestions : Patience;
            var frame = wire.Receive(buffer, next > elapsed ? next - elapsed : TimeSpan.Zero);
            if (ClaimIn(frame) is { } claimed && !EthernetFrame.SourceOf(frame).SequenceEqual(mac) && open.Remove(claimed))
                found.Add(new AddressInUse(claimed, Text(EthernetFrame.SourceOf(frame))));
        }
        return found;
    }

    private static void Listen(Wire wire, List<IPAddress> addresses)
    {
        foreach (var address in addresses)
        {
            if (address.AddressFamily != AddressFamily.InterNetworkV6)
                continue;
            wire.Join(NeighbourQuestion.AllNodes);
            wire.Join(NeighbourQuestion.GroupOf(address));
        }
    }

    private static IPAddress? ClaimIn(ReadOnlySpan<byte> frame) => EthernetFrame.TypeOf(frame) switch
    {
        ArpQuestion.EtherType => ArpQuestion.ClaimIn(frame),
        NeighbourQuestion.EtherType => NeighbourQuestion.ClaimIn(frame),
        _ => null,
    };

    private static string Text(ReadOnlySpan<byte> mac) => $"{mac[0]:x2}:{mac[1]:x2}:{mac[2]:x2}:{mac[3]:x2}:{mac[4]:x2}:{mac[5]:x2}";

    private CniException Refused(string why, string advice) => new(CniErrorCode.InvalidNetworkConfig, $"ipam: can't probe on {interfaceName}: {why}", advice);
}
