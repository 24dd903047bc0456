namespace EndToEnd.Storm;

/// <summary>What can happen to a node.</summary>
internal enum FaultKind
{
    /// <summary>Its ipamd is killed, and started anew.</summary>
    Kill,

    /// <summary>Its ipamd stands still for longer than its time-outs, and goes on.</summary>
    Stop,

    /// <summary>Its connections to the store break, and new ones are refused for a while.</summary>
    Cut,

    /// <summary>Nothing passes between it and the store for longer than its time-outs; what was sent arrives afterwards.</summary>
    Hang,

    /// <summary>Its clock is set to any time within a year of the true one.</summary>
    Clock,

    /// <summary>The store loses all data, for all nodes.</summary>
    Empty,

    /// <summary>The store is set back to what it was a few seconds ago, for all nodes.</summary>
    SetBack,

    /// <summary>Its connections to the store break while answers are under way.</summary>
    LoseAnswers,
}
