using Cni.Protocol;

namespace Ipam.Configuration.Keys;

/// <summary>The error for a configuration that can't be used (CNI code 7).</summary>
public static class InvalidConfiguration
{
    /// <summary>The error with a message, and details for who wants to know more.</summary>
    public static CniException Because(string message, string details = "") => new(CniErrorCode.InvalidNetworkConfig, message, details);
}
