using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores.Redis.Keys;
using Ipam.Stores.Redis.Model;
using Ipam.Stores.Text;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Commits;

/// <summary>What the commit script answered.</summary>
/// <param name="Results">One per change of the space; null if the script wants to be told of more sets first, and did nothing.</param>
/// <param name="MissingSets">Those sets.</param>
internal readonly record struct CommitAnswer(CommitResult[]? Results, RedisKey[] MissingSets)
{
    private const long Refused = 0;
    private const long Contradiction = -1;
    private const long WantsSets = -2;
    private const long Lost = -3;

    /// <summary>Whether the space lost its past, so that nothing was written.</summary>
    public bool IsLost { get; private init; }

    /// <summary>The space's revision after the commit; 0 if it wasn't written.</summary>
    public long Revision { get; private init; }

    /// <summary>Whether it was written.</summary>
    public bool IsWritten => Results?[0].Status == CommitStatus.Committed;

    /// <summary>Reads the answer.</summary>
    /// <exception cref="InvalidDataException">The data in the store contradict themselves; nothing was written.</exception>
    public static CommitAnswer Read(string space, IReadOnlyList<BlockChange> changes, Answer answer)
    {
        var parts = answer.Parts();
        return parts.Next().Number() switch
        {
            Contradiction => throw Contradict(space, parts.Next().Text(), parts.Next().Utf8()),
            Refused => new CommitAnswer(ReadRefusals(space, changes.Count, parts), []),
            WantsSets => new CommitAnswer(null, ReadSets(parts)),
            Lost => new CommitAnswer(null, []) { IsLost = true },
            var revision => new CommitAnswer(Committed(changes, revision), []) { Revision = revision },
        };
    }

    private static CommitResult[] Committed(IReadOnlyList<BlockChange> changes, long revision)
    {
        var results = new CommitResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = CommitResult.Committed(changes[i].Delete ? 0 : revision);
        return results;
    }

    private static CommitResult[] ReadRefusals(string space, int count, AnswerParts refusals)
    {
        var strings = new StringPool();
        var results = new CommitResult[count];
        Array.Fill(results, CommitResult.Aborted);
        while (refusals.MoveNext())
        {
            var shown = refusals.Current.Parts();
            var change = (int)shown.Next().Number();
            var blocks = new List<Block>();
            while (shown.MoveNext())
                blocks.Add(BlockAnswer.Read(space, shown.Current, strings));
            results[change] = CommitResult.Conflict(new Found<Block>(blocks));
        }
        return results;
    }

    private static RedisKey[] ReadSets(AnswerParts names)
    {
        var sets = new List<RedisKey>();
        while (names.MoveNext())
            sets.Add(names.Current.Text());
        return [.. sets];
    }

    private static InvalidDataException Contradict(string space, string what, ReadOnlySpan<byte> key)
    {
        var address = AddressKey.Read(key);
        return new InvalidDataException(what == "gone"
            ? $"the lease of {address} in space '{space}' is not there to release, though the block's version is the expected one; nothing was written"
            : $"the block of {address} in space '{space}' holds other addresses than its version says; nothing was written");
    }
}
