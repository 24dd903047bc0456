using Ipam.Cli.Output;

namespace Ipam.Cli.Commands.Doctor;

/// <summary>What was found of one thing.</summary>
/// <param name="Check">The thing.</param>
/// <param name="State">How it is.</param>
/// <param name="Finding">What was found, and what to do if it isn't right.</param>
internal sealed record DoctorLine(string Check, DoctorState State, string Finding)
{
    /// <summary>How lines are shown. Titles, keys and their order are a contract with scripts.</summary>
    public static View<DoctorLine> View
    {
        get
        {
            Column<DoctorLine>[] columns =
            [
                new("CHECK", static line => line.Check),
                new("STATE", static line => line.State.ToString().ToLowerInvariant()),
                new("FINDING", static line => line.Finding),
            ];
            return new View<DoctorLine>(columns, columns, static (line, fields) =>
            {
                fields.Text("check", line.Check);
                fields.Text("state", line.State.ToString().ToLowerInvariant());
                fields.Text("finding", line.Finding);
            });
        }
    }

    public static DoctorLine Ok(string check, string finding) => new(check, DoctorState.Ok, finding);

    public static DoctorLine Warning(string check, string finding) => new(check, DoctorState.Warning, finding);

    public static DoctorLine Error(string check, string finding) => new(check, DoctorState.Error, finding);
}

/// <summary>How something is.</summary>
internal enum DoctorState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, but not in every case, or not for everything.</summary>
    Warning,

    /// <summary>It doesn't work.</summary>
    Error,
}
