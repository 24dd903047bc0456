namespace EndToEnd.Leaks;

/// <summary>How a lease loses its owner.</summary>
internal enum LossKind
{
    /// <summary>The container ends, and its DEL is lost.</summary>
    DelLost,

    /// <summary>The plugin is killed during its ADD, and the sandbox goes. It may have taken an address, or not.</summary>
    KilledDuringAdd,

    /// <summary>The pod is deleted while ipamd is down.</summary>
    WhileDown,

    /// <summary>Another sandbox comes at the path of the former one, under the same pod, and goes on with its address.</summary>
    SandboxReplaced,

    /// <summary>The machine boots. What is at the paths afterwards says nothing: here it is even the same.</summary>
    Reboot,

    /// <summary>The node is gone from the cluster, with all that was on it.</summary>
    NodeLost,
}

/// <summary>The kinds of losses.</summary>
internal static class LossKinds
{
    /// <summary>Those that befall each node.</summary>
    public static IReadOnlyList<LossKind> OfEveryNode { get; } = [LossKind.DelLost, LossKind.KilledDuringAdd, LossKind.WhileDown, LossKind.SandboxReplaced];
}
