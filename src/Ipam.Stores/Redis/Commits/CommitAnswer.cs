using System.Diagnostics.CodeAnalysis;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Text;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Commits;

/// <summary>Reads what the commit script answers.</summary>
internal static class CommitAnswer
{
    private const long Refused = 0;
    private const long Contradiction = -1;

    /// <summary>One result per change of the space.</summary>
    /// <exception cref="InvalidDataException">The data in the store contradict themselves; nothing was written.</exception>
    public static CommitResult[] Read(string space, IReadOnlyList<BlockChange> changes, RedisResult answer)
    {
        var parts = Answer.Parts(answer);
        var revision = (long)parts[0];
        if (revision == Contradiction)
            Throw(space, Answer.Text(parts[1]), Answer.Text(parts[2]));
        if (revision == Refused)
            return ReadRefusals(space, changes.Count, parts);
        var results = new CommitResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = CommitResult.Committed(changes[i].Delete ? 0 : revision);
        return results;
    }

    private static CommitResult[] ReadRefusals(string space, int count, RedisResult[] parts)
    {
        var strings = new StringPool();
        var results = new CommitResult[count];
        Array.Fill(results, CommitResult.Aborted);
        foreach (var refusal in parts.Skip(1))
        {
            var shown = Answer.Parts(refusal);
            results[(int)shown[0]] = CommitResult.Conflict(shown.Skip(1).Select(block => BlockAnswer.Read(space, block, strings)).ToArray());
        }
        return results;
    }

    [DoesNotReturn]
    private static void Throw(string space, string what, string key)
    {
        var address = AddressKey.Read(key);
        throw new InvalidDataException(what == "gone"
            ? $"the lease of {address} in space '{space}' is not there to release, though the block's version is the expected one; nothing was written"
            : $"the block of {address} in space '{space}' holds other addresses than its version says; nothing was written");
    }
}
