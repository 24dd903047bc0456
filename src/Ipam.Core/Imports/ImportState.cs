namespace Ipam.Core.Imports;

/// <summary>What becomes of an address that was found.</summary>
public enum ImportState
{
    /// <summary>It is to be taken over.</summary>
    Take,

    /// <summary>It was taken over, durably.</summary>
    Taken,

    /// <summary>The store has it already, for the same owner.</summary>
    There,

    /// <summary>Another one has it, or it was found for two.</summary>
    Conflict,

    /// <summary>It lies in no pool.</summary>
    OutsidePools,

    /// <summary>What was found can't be read, or says too little.</summary>
    Unknown,

    /// <summary>It could be taken over, and isn't, because of others of its network.</summary>
    Left,
}
