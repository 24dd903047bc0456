using Cni.Protocol;

namespace Net.Plugin.Delegation;

/// <summary><c>ipamTimeout</c>: how many seconds the IPAM plugin has for one verb.</summary>
internal static class IpamTimeout
{
    public const string Key = "ipamTimeout";

    private const long Usual = 60;
    private const long Longest = 3600;

    /// <exception cref="CniException">Code 6 for a value that is no number, code 7 for one that makes no sense.</exception>
    public static TimeSpan Of(NetworkConfiguration network) => network.Root.GetInteger(Key) switch
    {
        null => TimeSpan.FromSeconds(Usual),
        long seconds and >= 1 and <= Longest => TimeSpan.FromSeconds(seconds),
        var seconds => throw new CniException(
            CniErrorCode.InvalidNetworkConfig,
            $"{Key} is {seconds}",
            $"it is how many seconds to wait for the IPAM plugin, 1 to {Longest}; without it, {Usual}"),
    };

    /// <summary>The same for verbs that clean up, which no value keeps from it.</summary>
    public static TimeSpan OfOrUsual(PluginRequest request)
    {
        try
        {
            return Of(request.ReadConfiguration());
        }
        catch (CniException)
        {
            return TimeSpan.FromSeconds(Usual);
        }
    }
}
