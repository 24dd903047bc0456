namespace Ipam.Core.Imports;

/// <summary>How an import is planned.</summary>
/// <param name="Source">The source's name, such as <c>host-local</c>, which marks the leases.</param>
public sealed record ImportPolicy(string Source)
{
    /// <summary>The space of the addresses.</summary>
    public string Space { get; init; } = "default";

    /// <summary>What is done with addresses that lie in no pool.</summary>
    public OutsidePoolsPolicy OutsidePools { get; init; }

    /// <summary>
    /// Whether nothing of a network is taken over if something of it conflicts or can't be read. Otherwise each address is for itself: what runs keeps its address, whatever others
    /// claim.
    /// </summary>
    public bool IsAllOrNothing { get; init; } = true;
}

/// <summary>What is done with addresses that lie in no pool.</summary>
public enum OutsidePoolsPolicy
{
    /// <summary>They keep their network from being taken over.</summary>
    Refuse,

    /// <summary>They are taken over like others.</summary>
    Take,

    /// <summary>They are others' and are passed over.</summary>
    Leave,
}
