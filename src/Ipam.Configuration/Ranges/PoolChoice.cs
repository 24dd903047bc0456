using Cni.Protocol;
using Ipam.Configuration.Reading;
using Ipam.Core.Pools;
using Ipam.Core.Stores;

namespace Ipam.Configuration.Ranges;

/// <summary>The pools that a pod is to draw from in place of those of the configuration.</summary>
/// <param name="Source">What says so, for messages.</param>
/// <param name="Pools">Their names, in order of preference; at least one.</param>
public sealed record PoolChoice(string Source, IReadOnlyList<string> Pools)
{
    /// <summary>Reads the annotation of a pod or a namespace; null if there is none, or nothing in it.</summary>
    /// <param name="text">What it says: names, with commas between them.</param>
    /// <param name="whose">What has it, for messages.</param>
    /// <exception cref="CniException">One of them is no name, or there are too many (code 101).</exception>
    public static PoolChoice? Read(string? text, string whose)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var choice = new PoolChoice($"annotation {ObjectFacts.PoolsAnnotation} of {whose}", text.Split(',', StringSplitOptions.TrimEntries));
        if (choice.Pools.Count > IpamConfigurationReader.MostPools)
            throw choice.Refused($"it has {choice.Pools.Count} names, and at most {IpamConfigurationReader.MostPools} are taken", "name fewer pools, or put ranges into one");
        return choice.Pools.FirstOrDefault(static name => NameRules.CheckName("pool", name) is not null) is { } wrong
            ? throw choice.Refused($"\"{Short(wrong)}\" is no name for a pool", "wanted are names with commas between them, such as blue,green")
            : choice;
    }

    /// <summary>The error for a choice that can't be met.</summary>
    /// <param name="why">Why.</param>
    /// <param name="advice">What to do.</param>
    public CniException Refused(string why, string advice) => new(IpamErrorCode.RequestRefused, $"{Source}: {why}", advice);

    private static string Short(string name) => name.Length <= NameRules.MaxNameLength ? name : $"{name[..NameRules.MaxNameLength]}…";
}
