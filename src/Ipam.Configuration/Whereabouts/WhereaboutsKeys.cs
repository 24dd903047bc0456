using System.Runtime.InteropServices;
using System.Text.Json;
using Cni.Protocol;
using Ipam.Configuration.Keys;

namespace Ipam.Configuration.Whereabouts;

/// <summary>The keys that Whereabouts has in <c>ipam</c>, and those of ipam's own form that may stand beside them.</summary>
internal static class WhereaboutsKeys
{
    /// <summary>Both forms have these.</summary>
    private static readonly string[] Shared = ["type", "exclude", "gateway", "routes"];

    private static readonly string[] OfItsOwn =
        ["range", "range_start", "range_end", "ipRanges", "addresses", "network_name", "enable_overlapping_ranges", "node_slice_size", "configuration_path"];

    /// <summary>What Whereabouts does with these, nobody has to do here.</summary>
    private static readonly string[] WithoutMeaning =
    [
        "kubernetes", "leader_lease_duration", "leader_renew_deadline", "leader_retry_period", "log_file", "log_level", "reconciler_cron_expression",
        "sleep_for_race", "datastore", "etcd_host", "etcd_username", "etcd_password", "etcd_key_file", "etcd_cert_file", "etcd_ca_cert_file",
    ];

    /// <summary>Whereabouts reads these, though nobody writes them. They tell of no form: others have such names, too.</summary>
    private static readonly string[] Internal = ["Name", "PodName", "PodNamespace"];

    /// <summary>Those of ipam's own form that say the same otherwise, or what Whereabouts has nothing for.</summary>
    private static readonly (string Key, string? Here)[] OfTheOwnForm =
    [
        ("subnet", "range"), ("rangeStart", "range_start"), ("rangeEnd", "range_end"), ("ranges", "ipRanges"), ("space", "network_name"), ("resolvConf", "dns"), ("pools", null), ("podAnnotations", null),
        ("dataDir", null), ("skipEdges", null), ("allowOutside", null), ("reservation", null),
    ];

    private static readonly string[] All = [.. Shared, .. OfItsOwn, "dns", .. WithoutMeaning, .. Internal];

    /// <summary>What says how ipamd is reached, and how addresses are chosen, has no second form.</summary>
    private static readonly KnownKeys Inline =
        new([.. All, "order", "affinity", "strict", "cooldownSeconds", "reuseResting", "sticky", "stickySeconds", "allowPersistentIPs", "status", "statusGraceSeconds", "socket", "spool", "wait", "probe", "probeInterface"]);

    private static readonly KnownKeys InFile = new(All);

    /// <summary>Whether an <c>ipam</c> is written as Whereabouts reads it.</summary>
    public static bool AreIn(JsonElement ipam) => IsOfType(ipam) || Telling(ipam).Any();

    /// <summary>Refuses keys that this form doesn't have.</summary>
    /// <exception cref="FormatException">There are keys of both forms.</exception>
    /// <exception cref="CniException">A key is not known (code 7).</exception>
    public static void Check(JsonElement ipam)
    {
        var others = OfTheOwnForm.Where(other => ipam.TryGetKey(other.Key, out _)).ToList();
        if (others.Count > 0)
        {
            var here = Listed(Telling(ipam).Select(Quoted).DefaultIfEmpty("\"type\": \"whereabouts\""));
            var there = Listed(others.Select(static other => Quoted(other.Key)));
            var advice = Listed(others.Where(static other => other.Here is not null).Select(static other => $"{Quoted(other.Here!)} for {Quoted(other.Key)}"));
            throw new FormatException(
                $"ipam has keys of two forms, and one configuration has one: {here} as Whereabouts has it, {there} as ipam has it; keep one form"
                + (advice.Length > 0 ? $", in Whereabouts' write {advice}" : ""));
        }
        Inline.Check(ipam, "ipam");
    }

    /// <summary>The same for the file of defaults.</summary>
    public static void CheckFile(JsonElement file, string path) => InFile.Check(file, path);

    /// <summary>The keys that are there and mean nothing here.</summary>
    public static IReadOnlyList<string> Ignored(JsonElement ipam) => [.. WithoutMeaning.Concat(Internal).Where(key => ipam.TryGetKey(key, out _))];

    /// <summary>By its bytes: a text that can't be decoded is another type, and no fault here.</summary>
    private static bool IsOfType(JsonElement ipam) => ipam.TryGetKey("type", out var type) && JsonMarshal.GetRawUtf8Value(type).SequenceEqual("\"whereabouts\""u8);

    private static IEnumerable<string> Telling(JsonElement ipam) => OfItsOwn.Concat(WithoutMeaning).Where(key => ipam.TryGetKey(key, out _));

    private static string Listed(IEnumerable<string> texts) => string.Join(", ", texts);

    private static string Quoted(string key) => $"\"{key}\"";
}
