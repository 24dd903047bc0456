using Ipam.Core.Stores;

namespace Ipam.Service.Health;

/// <summary>Puts a fault that nobody waits for into words.</summary>
internal static class FaultText
{
    /// <summary>A sentence.</summary>
    public static string Of(Exception fault) => fault is StoreException ? fault.Message : $"{fault.GetType().Name}: {fault.Message}";
}
