using Cni.Protocol;

namespace Ipam.Service.Verbs;

/// <summary>The verbs that are served.</summary>
internal sealed class VerbTable(IVerb add, IVerb del, IVerb check, IVerb status, IVerb gc)
{
    public IVerb this[CniCommand command] => command switch
    {
        CniCommand.Add => add,
        CniCommand.Del => del,
        CniCommand.Check => check,
        CniCommand.Status => status,
        CniCommand.Gc => gc,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a verb that the service serves"),
    };
}
