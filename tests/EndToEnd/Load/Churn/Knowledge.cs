namespace EndToEnd.Load.Churn;

/// <summary>What a container's runtime knows of its addresses from the answers it got.</summary>
internal enum Knowledge
{
    /// <summary>The last call was a DEL, and it was answered.</summary>
    Released,

    /// <summary>The last ADD was answered, and no DEL has been made since.</summary>
    Held,

    /// <summary>The last ADD was not answered: it may have been carried out or not.</summary>
    Unanswered,

    /// <summary>A DEL was called, and not answered so far; it is called again until it is.</summary>
    Deleting,
}
