using System.Diagnostics;
using System.Net;
using Cni.Protocol;
using Ipam.Plugin.Service;

namespace Ipam.Plugin.Probing;

/// <summary>
/// An ADD whose addresses are told to nobody before the wire was asked for them. The service commits them first, as always, so that nothing is lost or doubled
/// whoever is killed when; what somebody answers for it is told, which sets it aside and gives another one.
/// </summary>
/// <param name="probe">Asks the wire.</param>
/// <param name="version">The version of the service's answers.</param>
/// <param name="ask">Asks the service, and tells it what of its last answer is in use, in so much time.</param>
/// <param name="giveBack">Gives back all that the service handed out.</param>
internal sealed class ProbedAddition(
    WireProbe probe, CniVersion version, Func<IReadOnlyList<AddressInUse>, TimeSpan, ServiceAnswer> ask, Action giveBack)
{
    /// <summary>More in a row are no coincidence: others use the range.</summary>
    private const int MostTries = 8;

    /// <summary>What the last call gets, whatever the ones before took.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly HashSet<IPAddress> _unused = [];
    private readonly List<AddressInUse> _inUse = [];

    /// <summary>The first answer of which nothing is in use.</summary>
    /// <param name="patience">How long all of it may take.</param>
    /// <exception cref="CniException">There is none; nothing is held then.</exception>
    public ReadOnlyMemory<byte> Run(TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = ask([], patience);
        try
        {
            for (var tries = 1; ; tries++)
            {
                var inUse = InUseOf(answer);
                if (inUse.Count == 0)
                    return answer.Body;
                _inUse.AddRange(inUse);
                if (tries == MostTries)
                    throw TooMany();
                var left = patience - Stopwatch.GetElapsedTime(start);
                answer = ask(inUse, left > LeastPatience ? left : LeastPatience);
            }
        }
        catch (CniException e)
        {
            throw GivenBack(e);
        }
    }

    /// <summary>Those of the answer's addresses that somebody has. Of which nobody answered for, nobody is asked again.</summary>
    private IReadOnlyList<AddressInUse> InUseOf(ServiceAnswer answer)
    {
        foreach (var text in answer.Moved.Split(','))
        {
            // A machine that moves still answers where it was: no conflict.
            if (IPAddress.TryParse(text, out var moved))
                _unused.Add(moved);
        }
        List<IPAddress> open = [];
        foreach (var ip in CniResult.Parse(answer.Body.Span, version).Ips)
        {
            if (!_unused.Contains(ip.Address))
                open.Add(ip.Address);
        }
        var inUse = probe.Ask(open);
        _unused.UnionWith(open);
        foreach (var one in inUse)
            _unused.Remove(one.Address);
        return inUse;
    }

    private CniException TooMany() => new(
        CniErrorCode.TryAgainLater,
        $"{MostTries} times in a row somebody answered on {probe.InterfaceName} for an address that was to be handed out: {string.Join(", ", _inUse.ConvertAll(static one => $"{one.Address} ({one.AnsweredBy})"))}",
        "others use addresses of this range; see 'ipamctl lease list --state conflict', and exclude or reserve what they use");

    private CniException GivenBack(CniException cause)
    {
        try
        {
            giveBack();
            return cause;
        }
        catch (CniException e)
        {
            return new CniException(cause.Error with { Details = $"{cause.Error.Details}; also: {e.Message}" });
        }
    }
}
