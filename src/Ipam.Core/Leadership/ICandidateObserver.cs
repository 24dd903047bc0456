namespace Ipam.Core.Leadership;

/// <summary>Is told of an election, for metrics and the log. Called from the candidate's loop: must be quick and not throw.</summary>
public interface ICandidateObserver
{
    /// <summary>The candidate leads from now on.</summary>
    void Leads();

    /// <summary>The candidate leads no longer.</summary>
    /// <param name="leader">Who leads instead; empty if nobody is known to.</param>
    void LeadsNoLonger(string leader);

    /// <summary>An attempt failed.</summary>
    void Failed(string reason);
}
