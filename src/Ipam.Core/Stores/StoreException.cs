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

    /// <summary>Whether trying again can't help, such as when the data is of a newer version than the program.</summary>
    public bool IsPermanent { get; init; }
}
