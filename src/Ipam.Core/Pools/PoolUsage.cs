using System.Globalization;

namespace Ipam.Core.Pools;

/// <summary>
/// How full a pool is, for each family: a sum over both would say nothing, as the one is 2^64 times as large as the other. Texts have the number of the family that the
/// pool has, or IPv4/IPv6.
/// </summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Ranges">Its ranges in one line, for people.</param>
/// <param name="V4">Its IPv4 addresses; null if it has no range of them.</param>
/// <param name="V6">Its IPv6 addresses; null if it has no range of them.</param>
public sealed record PoolUsage(string Pool, string Ranges, FamilyUsage? V4, FamilyUsage? V6)
{
    /// <summary>The families that it has, with the name of each.</summary>
    public IEnumerable<(string Name, FamilyUsage Usage)> Families
    {
        get
        {
            if (V4 is { } four)
                yield return ("IPv4", four);
            if (V6 is { } six)
                yield return ("IPv6", six);
        }
    }

    /// <summary>Its addresses that can be handed out, held or not; at most 2^128 - 1.</summary>
    public UInt128 Size => Sum(static family => family.Size);

    /// <summary>Addresses that it would hand out if they weren't reserved.</summary>
    public UInt128 Reserved => Sum(static family => family.Reserved);

    /// <summary>How many of its addresses are held.</summary>
    public long Used => (V4?.Used ?? 0) + (V6?.Used ?? 0);

    /// <summary>How many could be handed out now.</summary>
    public UInt128 Free => Sum(static family => family.Free);

    /// <summary>Whether a family that it has, has no address to hand out.</summary>
    public bool IsExhausted => Families.Any(static family => family.Usage.Free == 0);

    /// <summary>The families of which there is no address to hand out, to complete "no ... address"; empty if it isn't <see cref="IsExhausted"/>.</summary>
    public string ExhaustedFamilies => string.Join(" and no ", Families.Where(static family => family.Usage.Free == 0).Select(static family => family.Name));

    /// <summary><see cref="Size"/> for people.</summary>
    public string SizeText => Text(static family => Number(family.Size));

    /// <summary><see cref="Reserved"/> for people.</summary>
    public string ReservedText => Text(static family => Number(family.Reserved));

    /// <summary><see cref="Used"/> for people.</summary>
    public string UsedText => Text(static family => Number((UInt128)family.Used));

    /// <summary><see cref="Free"/> for people.</summary>
    public string FreeText => Text(static family => Number(family.Free));

    /// <summary>Held addresses in percent, for people: see <see cref="FamilyUsage.Percent"/>.</summary>
    public string PercentText => Text(static family => family.Percent);

    private UInt128 Sum(Func<FamilyUsage, UInt128> of)
    {
        var (four, six) = (V4 is { } v4 ? of(v4) : 0, V6 is { } v6 ? of(v6) : 0);
        return four > UInt128.MaxValue - six ? UInt128.MaxValue : four + six;
    }

    private string Text(Func<FamilyUsage, string> of) => string.Join('/', Families.Select(family => of(family.Usage)));

    private static string Number(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How full a pool's addresses of one family are.</summary>
/// <param name="Size">The addresses that can be handed out, held or not.</param>
/// <param name="Reserved">Those that could be handed out if they weren't reserved.</param>
/// <param name="Used">How many of <paramref name="Size"/> are held.</param>
/// <param name="Free">How many could be handed out now: neither held nor in a damaged block.</param>
public readonly record struct FamilyUsage(UInt128 Size, UInt128 Reserved, long Used, UInt128 Free)
{
    /// <summary>
    /// Held addresses in percent, rounded down to one decimal; but never 0 where some are held. So 100.0 means that all are. A dash if there are none.
    /// </summary>
    public string Percent
    {
        get
        {
            if (Size == 0)
                return "-";
            // A /0 of IPv6 times 1000 is more than 128 bits have.
            var tenths = Size > UInt128.MaxValue / 1000 ? (UInt128)Used / (Size / 1000) : (UInt128)Used * 1000 / Size;
            tenths = tenths == 0 && Used > 0 ? 1 : tenths;
            return string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10}");
        }
    }
}
