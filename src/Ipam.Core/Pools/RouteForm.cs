namespace Ipam.Core.Pools;

/// <summary>A route as somebody wrote it: texts. A text that is null or empty counts as not given.</summary>
/// <param name="Dst">Where it leads, in CIDR notation.</param>
/// <param name="Gw">The next hop; an unspecified one (0.0.0.0, ::) stands for an on-link route, as for the kernel.</param>
public readonly record struct RouteForm(string? Dst, string? Gw)
{
    /// <summary>The route.</summary>
    /// <param name="where">What to call it in messages.</param>
    /// <exception cref="FormatException">A text isn't what it must be; the message says what was found and what is wanted.</exception>
    public PoolRoute Read(string where) => new(
        string.IsNullOrEmpty(Dst)
            ? throw new FormatException($"{where}: \"dst\" is missing; give a destination such as \"0.0.0.0/0\"")
            : RangeForm.ReadPrefix(Dst, where, "dst"),
        RangeForm.ReadAddress(Gw, where, "gw"));
}
