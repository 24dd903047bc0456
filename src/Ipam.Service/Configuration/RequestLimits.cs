using Cni.Protocol;

namespace Ipam.Service.Configuration;

/// <summary>How long the texts of a request may be that are kept with a lease. Far longer than any runtime's.</summary>
internal static class RequestLimits
{
    private const int MostOfName = 1024;

    /// <summary>PATH_MAX.</summary>
    private const int MostOfPath = 4096;

    /// <summary>Throws <see cref="CniException"/> (code 4 for a variable, code 7 for the name in the configuration) for a text that is longer.</summary>
    public static void Check(CniEnvironment environment, NetworkConfiguration network)
    {
        Check(network.Name, "the network's name", MostOfName, CniErrorCode.InvalidNetworkConfig);
        Check(environment.ContainerId, CniVariable.ContainerId, MostOfName, CniErrorCode.InvalidEnvironment);
        Check(environment.NetNs, CniVariable.NetNs, MostOfPath, CniErrorCode.InvalidEnvironment);
    }

    /// <summary>The same for a text of CNI_ARGS.</summary>
    public static string? Checked(string? text, string key)
    {
        Check(text ?? "", $"{key} of {CniVariable.Args}", MostOfName, CniErrorCode.InvalidEnvironment);
        return text;
    }

    private static void Check(string text, string what, int most, int code)
    {
        if (text.Length > most)
            throw new CniException(code, $"{what} has {text.Length} characters, and at most {most} are taken", "give a shorter one");
    }
}
