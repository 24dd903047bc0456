using Cni.Protocol;

namespace Net.Plugin;

/// <summary>Names the part of the work in which something failed.</summary>
internal static class Step
{
    /// <exception cref="CniException">Code 999, with the step's name, for a fault of the host. Other exceptions pass.</exception>
    public static T Run<T>(string name, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (HostException e)
        {
            throw Failed(name, e);
        }
    }

    /// <summary>The same for work without a result.</summary>
    public static void Run(string name, Action work)
    {
        try
        {
            work();
        }
        catch (HostException e)
        {
            throw Failed(name, e);
        }
    }

    private static CniException Failed(string name, HostException e) => new(CniErrorCode.Internal, $"failed to {name}: {e.Message}");
}
