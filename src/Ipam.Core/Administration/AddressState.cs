namespace Ipam.Core.Administration;

/// <summary>What an address is.</summary>
public enum AddressState
{
    /// <summary>It can be handed out.</summary>
    Free,

    /// <summary>Somebody holds it.</summary>
    Held,

    /// <summary>It was freed a short while ago.</summary>
    Cooling,

    /// <summary>It is reserved.</summary>
    Reserved,

    /// <summary>It is reserved, and somebody still holds it.</summary>
    ReservedHeld,

    /// <summary>It lies in a range, which never hands it out: it is excluded, a gateway, or a network or broadcast address.</summary>
    Masked,

    /// <summary>It lies in none of the ranges.</summary>
    Outside,

    /// <summary>It is held although no range hands it out.</summary>
    OutsideHeld,

    /// <summary>Its block is damaged.</summary>
    Damaged,

    /// <summary>It has a static lease, whatever else it is.</summary>
    Static,

    /// <summary>Somebody on the wire answered for it, whatever else it is.</summary>
    Conflict,

    /// <summary>It is kept for a sticky owner who has no container, whatever else it is.</summary>
    Kept,
}
