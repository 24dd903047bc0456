namespace Ipam.Configuration.Ranges;

/// <summary>Error codes of our own; the CNI specification leaves 100 and above to plugins.</summary>
public static class IpamErrorCode
{
    /// <summary>No range of a set has a free address.</summary>
    public const int Exhausted = 100;

    /// <summary>A requested address is held, outside the ranges, excluded, or a gateway.</summary>
    public const int RequestRefused = 101;

    /// <summary>CHECK: the attachment doesn't hold the addresses it should.</summary>
    public const int LeaseMissing = 102;
}
