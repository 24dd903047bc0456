namespace Ipam.Stores.Tests.Faults;

/// <summary>What a <see cref="FaultProxy"/> does with connections.</summary>
internal enum FaultMode
{
    /// <summary>Passes everything on.</summary>
    Pass,

    /// <summary>Closes each new connection at once.</summary>
    Refuse,

    /// <summary>Takes connections and data, and passes nothing on in either direction until the mode changes.</summary>
    Hang,
}
