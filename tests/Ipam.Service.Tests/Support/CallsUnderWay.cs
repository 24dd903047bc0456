namespace Ipam.Service.Tests.Support;

/// <summary>Counts calls that are not yet answered, so that a test which lets time pass faster than a disk works can wait for them.</summary>
internal sealed class CallsUnderWay
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public async Task<T> AwaitAsync<T>(Task<T> call)
    {
        Interlocked.Increment(ref _count);
        try
        {
            return await call;
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
