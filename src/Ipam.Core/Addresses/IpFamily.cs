namespace Ipam.Core.Addresses;

/// <summary>The two families of addresses.</summary>
public enum IpFamily : byte
{
    /// <summary>32-bit addresses.</summary>
    V4 = 4,

    /// <summary>128-bit addresses.</summary>
    V6 = 6,
}
