namespace Ipam.Core.Stores;

/// <summary>Goes through what a store notes although one note can't be read: the others are not to suffer for that.</summary>
internal static class EachNote
{
    /// <summary>Does something for each, and says at the end what couldn't be read.</summary>
    /// <exception cref="StoreException">The store failed, and the rest was left out; or one of them can't be read, and all others were done.</exception>
    public static async Task DoAsync<T>(IEnumerable<T> all, Func<T, Task> work)
    {
        StoreException? unreadable = null;
        foreach (var one in all)
        {
            try
            {
                await work(one);
            }
            catch (StoreException e) when (e.IsPermanent)
            {
                unreadable ??= e;
            }
        }
        if (unreadable is not null)
            throw unreadable;
    }
}
