namespace Ipam.Core.Reconciliation;

/// <summary>What a source says of a lease's owner.</summary>
/// <param name="Verdict">Whether it lives.</param>
/// <param name="Finding">What was found, as a part of a sentence. Empty for an unknown one.</param>
/// <param name="Cause">A word for what ended the owner, of a small set: a label of the metric. Empty unless it is gone.</param>
/// <param name="IsDecisive">Whether one reading is enough: nothing that is under way can make it untrue, such as that the machine has booted since.</param>
public readonly record struct Evidence(Verdict Verdict, string Finding = "", string Cause = "", bool IsDecisive = false)
{
    /// <summary>The source can't say.</summary>
    public static Evidence Unknown => default;

    /// <summary>The owner lives.</summary>
    public static Evidence Alive(string finding) => new(Verdict.Alive, finding);

    /// <summary>The owner is gone, if a later reading says the same.</summary>
    public static Evidence Gone(string cause, string finding) => new(Verdict.Gone, finding, cause);

    /// <summary>The owner is gone for good.</summary>
    public static Evidence Decisive(string cause, string finding) => new(Verdict.Gone, finding, cause, IsDecisive: true);
}

/// <summary>Whether an owner lives.</summary>
public enum Verdict
{
    /// <summary>The source can't say. This is never a reason to release.</summary>
    Unknown,

    /// <summary>It lives.</summary>
    Alive,

    /// <summary>It is gone.</summary>
    Gone,
}
