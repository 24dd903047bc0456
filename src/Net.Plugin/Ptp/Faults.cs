using Cni.Protocol;

namespace Net.Plugin.Ptp;

/// <summary>What failed of several things that are all to be tried.</summary>
internal sealed class Faults
{
    private readonly List<CniError> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <summary>Does the work; a failure is kept and not thrown.</summary>
    public void Catch(string step, Action work)
    {
        try
        {
            Step.Run(step, work);
        }
        catch (CniException e)
        {
            _errors.Add(e.Error);
        }
#pragma warning disable CA1031 // What is to be removed besides must not stay because of it; the error is reported.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _errors.Add(Fault.Unexpected(e));
        }
    }

    /// <summary>Takes over what another one has.</summary>
    public void Add(Faults others) => _errors.AddRange(others._errors);

    /// <summary>Throws what failed: one with a code of its own before a general one, the others in its details.</summary>
    public void ThrowIfAny()
    {
        if (!Any)
            return;
        var main = _errors.Find(error => error.Code != CniErrorCode.Internal) ?? _errors[0];
        throw new CniException(AddTo(main, _errors.Where(error => error != main)));
    }

    /// <summary>The error with these failures in its details.</summary>
    public CniError AddTo(CniError error) => AddTo(error, _errors);

    private static CniError AddTo(CniError error, IEnumerable<CniError> others)
    {
        IEnumerable<string> own = error.Details.Length > 0 ? [error.Details] : [];
        return error with
        {
            Details = string.Join("; ", [.. own, .. others.Map(other => $"also: {new CniException(other).Message}")]),
        };
    }
}
