using System.Globalization;

namespace Ipam.Core.Pools;

/// <summary>How addresses are chosen, as somebody wrote it: words and numbers. A value that is null or an empty text counts as not given.</summary>
public readonly record struct PolicyForm
{
    private static readonly (string Word, AllocationOrder Order)[] Orders =
        [("next", AllocationOrder.Next), ("lowest", AllocationOrder.Lowest), ("random", AllocationOrder.Random)];

    private static readonly (string Word, BlockAffinity? Affinity)[] Affinities = [("node", BlockAffinity.Node), ("none", BlockAffinity.None)];

    /// <summary><c>next</c>, <c>lowest</c> or <c>random</c>.</summary>
    public string? Order { get; init; }

    /// <summary><c>node</c> or <c>none</c>.</summary>
    public string? Affinity { get; init; }

    /// <summary>Whether a node never borrows.</summary>
    public bool? Strict { get; init; }

    /// <summary>The cooldown in seconds, as it was written.</summary>
    public string? CooldownSeconds { get; init; }

    /// <summary>Whether an address that is still cooling down is handed out when no other address is left.</summary>
    public bool? ReuseResting { get; init; }

    /// <summary>Whether an address stays that of an owner who outlives the container.</summary>
    public bool? Sticky { get; init; }

    /// <summary>For how many seconds without a container, as it was written.</summary>
    public string? StickySeconds { get; init; }

    /// <summary>The word for an order.</summary>
    public static string Word(AllocationOrder order) => Orders.First(known => known.Order == order).Word;

    /// <summary>The word for an affinity; null for what suits the store.</summary>
    public static string? Word(BlockAffinity? affinity) => Affinities.FirstOrDefault(known => known.Affinity == affinity).Word;

    /// <summary>The policy.</summary>
    /// <param name="where">What to call the object that has the keys.</param>
    /// <exception cref="FormatException">A value isn't what it must be; the message says what was found and what is wanted.</exception>
    public AllocationPolicy Read(string where) => new()
    {
        Order = Choose(Order, AllocationOrder.Next, Orders, where, "order"),
        Affinity = Choose(Affinity, null, Affinities, where, "affinity"),
        IsStrict = Strict ?? false,
        Cooldown = Seconds(CooldownSeconds, where, "cooldownSeconds", 0, AllocationPolicy.MaxCooldown) ?? TimeSpan.Zero,
        ReusesCooling = ReuseResting ?? false,
        IsSticky = Sticky ?? false,
        StickyFor = Seconds(StickySeconds, where, "stickySeconds", 1, AllocationPolicy.MaxStickyFor),
    };

    private static TimeSpan? Seconds(string? text, string where, string key, int least, TimeSpan most)
    {
        if (text is null)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"{where}: {key} is {text}, wanted is a whole number from {least} to {most.TotalSeconds}");
    }

    private static T Choose<T>(string? text, T absent, (string Word, T Value)[] words, string where, string key)
    {
        if (string.IsNullOrEmpty(text))
            return absent;
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }
        throw new FormatException($"{where}: {key} \"{text}\" is none of {string.Join(", ", words.Select(static known => $"\"{known.Word}\""))}");
    }
}
