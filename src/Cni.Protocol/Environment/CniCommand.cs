namespace Cni.Protocol;

/// <summary>The verbs of the protocol (CNI_COMMAND).</summary>
public enum CniCommand
{
    /// <summary>Add a container to the network.</summary>
    Add,

    /// <summary>Take a container out of the network; may be repeated.</summary>
    Del,

    /// <summary>Check that the container's networking is as expected (0.4.0 and up).</summary>
    Check,

    /// <summary>Say whether ADD can be served (1.1.0).</summary>
    Status,

    /// <summary>Give back what no valid attachment holds (1.1.0).</summary>
    Gc,

    /// <summary>Print the supported versions.</summary>
    Version,
}
