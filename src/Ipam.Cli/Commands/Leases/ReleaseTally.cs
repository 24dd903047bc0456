using Ipam.Core.Administration;

namespace Ipam.Cli.Commands.Leases;

/// <summary>What became of leases that were to be released. Safe for use by several threads at once.</summary>
internal sealed class ReleaseTally
{
    /// <summary>How many blocks are changed side by side.</summary>
    public const int BlocksAtOnce = 8;

    private readonly int[] _counts = new int[Enum.GetValues<ReleaseOutcome>().Length];

    public int Released => _counts[(int)ReleaseOutcome.Released];

    public int AlreadyGone => _counts[(int)ReleaseOutcome.AlreadyGone];

    public int HeldByAnother => _counts[(int)ReleaseOutcome.HeldByAnother];

    public int GaveUp => _counts[(int)ReleaseOutcome.GaveUp];

    public void Add(ReleaseOutcome outcome) => Interlocked.Increment(ref _counts[(int)outcome]);

    /// <summary>The counts in words; those of nothing are left out.</summary>
    public override string ToString()
    {
        var text = $"leases released: {Released}";
        if (AlreadyGone > 0)
            text += $", released by others meanwhile: {AlreadyGone}";
        if (HeldByAnother > 0)
            text += $", handed out anew meanwhile and left alone: {HeldByAnother}";
        return GaveUp > 0 ? $"{text}, not released: {GaveUp}" : text;
    }
}
