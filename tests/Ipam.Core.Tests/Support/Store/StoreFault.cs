namespace Ipam.Core.Tests.Support.Store;

/// <summary>What becomes of one call of the store.</summary>
internal enum StoreFault
{
    None,

    /// <summary>The caller's thread is given away before and after.</summary>
    Slow,

    /// <summary>Another writer changes blocks first.</summary>
    Meddle,

    /// <summary>An exception; nothing is written.</summary>
    FailBefore,

    /// <summary>An exception, though all is written: the answer got lost.</summary>
    FailAfter,

    /// <summary>An exception; the write lands some calls later, if it then still fits.</summary>
    FailLate,

    /// <summary>An exception; each block is written now, later or never, if the store commits each block for itself.</summary>
    FailMixed,
}

/// <summary>What a store is called for.</summary>
internal enum StoreAction
{
    Read,
    Commit,
}
