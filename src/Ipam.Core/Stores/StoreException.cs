using Ipam.Core.Blocks;

namespace Ipam.Core.Stores;

/// <summary>
/// The store could not be reached, or failed. A commit that ended with this exception may or may not have been written. The message says which store,
/// what happened and what to do.
/// </summary>
public sealed class StoreException : Exception
{
    /// <summary>A failure of the store.</summary>
    public StoreException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>What was asked needs a block that can't be read.</summary>
    /// <param name="doing">What was tried, to complete "can't ...".</param>
    /// <param name="block">The block.</param>
    public static StoreException About(string doing, DamagedBlock block) => new($"can't {doing}: {block.Why}") { Damaged = block };

    /// <summary>What is seen of a store that lost data, for <see cref="Lost"/>: its revision is lower than it was.</summary>
    public const string SetBack = "it was set back to an older copy";

    /// <summary>The store lost data.</summary>
    /// <param name="store">The store's description.</param>
    /// <param name="what">What was seen of that, or what is waited for.</param>
    public static StoreException Lost(string store, string what) =>
        new($"{store} lost data that it had confirmed; no address is handed out until the leases are there again: {what}") { IsLoss = true };

    /// <summary>The damaged block that the failure is about, so that everything else still works; null if it is about more than that.</summary>
    public DamagedBlock? Damaged { get; init; }

    /// <summary>Whether the store refused what was asked, so that nothing was written.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether trying again can't help, such as when the data is of a newer version than the program.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>Whether the store lost data that it had confirmed, as <see cref="StorePast"/> says.</summary>
    public bool IsLoss { get; init; }

    /// <summary>Whether that <see cref="IsLoss"/> may be of one block alone, which somebody deleted.</summary>
    public bool IsOfOneBlock { get; init; }
}
