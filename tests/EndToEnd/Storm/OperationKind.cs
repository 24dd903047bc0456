namespace EndToEnd.Storm;

/// <summary>What a call was, and what came of it.</summary>
internal enum OperationKind
{
    /// <summary>An ADD for a container that held nothing.</summary>
    Add,

    /// <summary>An ADD for a container that held addresses, or may have.</summary>
    ReplayedAdd,

    /// <summary>A DEL for a container that held addresses, or may have.</summary>
    Del,

    /// <summary>A DEL for a container that held nothing, or whose DEL had not been answered.</summary>
    ReplayedDel,

    /// <summary>A DEL by the plugin, after one that was not answered.</summary>
    PluginDel,

    /// <summary>An ADD that was refused for want of addresses.</summary>
    Exhausted,

    /// <summary>A call that was answered with "try again later", or not at all.</summary>
    Unanswered,
}
