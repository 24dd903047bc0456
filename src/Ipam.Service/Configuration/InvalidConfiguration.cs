using Cni.Protocol;

namespace Ipam.Service.Configuration;

/// <summary>The error for a configuration that can't be used (CNI code 7).</summary>
internal static class InvalidConfiguration
{
    public static CniException Because(string message, string details = "") => new(CniErrorCode.InvalidNetworkConfig, message, details);
}
