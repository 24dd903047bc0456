namespace Ipam.Core.Ledger;

/// <summary>Whose a block is, as a node sees it.</summary>
internal enum BlockOwnership
{
    /// <summary>The block isn't there.</summary>
    Unclaimed,

    /// <summary>The node's own.</summary>
    Own,

    /// <summary>Another node's, or one that all nodes share.</summary>
    Foreign,

    /// <summary>Another node's of which only the summary is known: it has to be read before an address can be taken from it.</summary>
    Unread,
}
