namespace Ipam.Core.Ledger;

/// <summary>Which blocks of a range a search looks at.</summary>
internal enum BlockChoice
{
    /// <summary>All that have room, whoever they belong to, and those that nobody has.</summary>
    Any,

    /// <summary>This node's own that have room.</summary>
    Own,

    /// <summary>Those that nobody has.</summary>
    Unclaimed,
}
