namespace Ipam.Core.Administration;

/// <summary>The character and the words for what an address is. Both are a contract with scripts.</summary>
public static class MapCells
{
    /// <summary>The character.</summary>
    public static char CharacterOf(AddressState state) => state switch
    {
        AddressState.Free => '.',
        AddressState.Held => '#',
        AddressState.Cooling => '~',
        AddressState.Reserved => 'r',
        AddressState.ReservedHeld => 'R',
        AddressState.Masked => 'x',
        AddressState.Outside => ' ',
        AddressState.OutsideHeld => 'o',
        AddressState.Static => 'S',
        AddressState.Conflict => 'C',
        AddressState.Kept => 'K',
        _ => '!',
    };

    /// <summary>A word for JSON and YAML.</summary>
    public static string WordOf(AddressState state) => state switch
    {
        AddressState.Free => "free",
        AddressState.Held => "held",
        AddressState.Cooling => "cooling",
        AddressState.Reserved => "reserved",
        AddressState.ReservedHeld => "reserved-held",
        AddressState.Masked => "never-handed-out",
        AddressState.Outside => "outside",
        AddressState.OutsideHeld => "held-outside",
        AddressState.Static => "static",
        AddressState.Conflict => "conflict",
        AddressState.Kept => "kept",
        _ => "damaged",
    };

    /// <summary>A few words for people.</summary>
    public static string TextOf(AddressState state) => state switch
    {
        AddressState.Cooling => "cooling down",
        AddressState.ReservedHeld => "reserved, still held",
        AddressState.Masked => "never handed out",
        AddressState.Outside => "in no range",
        AddressState.OutsideHeld => "held outside of the ranges",
        AddressState.Static => "static lease",
        AddressState.Conflict => "in use on the wire",
        AddressState.Kept => "kept for its owner",
        _ => WordOf(state),
    };
}
