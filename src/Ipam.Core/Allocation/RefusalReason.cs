namespace Ipam.Core.Allocation;

/// <summary>Why a requested address can't be had.</summary>
public enum RefusalReason
{
    /// <summary>It is in none of the entry's ranges.</summary>
    OutsideRanges,

    /// <summary>It is a gateway.</summary>
    Gateway,

    /// <summary>It is excluded.</summary>
    Excluded,

    /// <summary>Somebody else holds it.</summary>
    Held,

    /// <summary>It was freed a short while ago and cools down.</summary>
    CoolingDown,

    /// <summary>The owner holds another address for this entry and has to release that first.</summary>
    OwnerHoldsAnother,
}
