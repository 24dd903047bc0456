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
    private const long WantsSets = -2;
    private const long Lost = -3;

    /// <summary>Whether the space lost its past, so that nothing was written.</summary>
    public bool IsLost { get; private init; }

    /// <summary>The space's revision after the commit; 0 if it wasn't written.</summary>
    public long Revision { get; private init; }

    /// <summary>Whether it was written.</summary>
    public bool IsWritten => Results?[0].Status == CommitStatus.Committed;

    /// <summary>Reads the answer.</summary>
    /// <param name="store">The store, for messages.</param>
    /// <param name="space">The space.</param>
    /// <param name="changes">What was to be written.</param>
    /// <param name="answer">The answer.</param>
    public static CommitAnswer Read(string store, string space, IReadOnlyList<BlockChange> changes, Answer answer)
    {
        var parts = answer.Parts();
        return parts.Next().Number() switch
        {
            Refused => new CommitAnswer(ReadRefusals(store, space, changes.Count, parts), []),
            WantsSets => new CommitAnswer(null, ReadSets(parts)),
            Lost => new CommitAnswer(null, []) { IsLost = true },
            var revision => new CommitAnswer(Committed(store, space, changes, revision, parts), []) { Revision = revision },
        };
    }

    private static CommitResult[] Committed(string store, string space, IReadOnlyList<BlockChange> changes, long revision, AnswerParts placed)
    {
        var results = new CommitResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = CommitResult.Committed(changes[i].Delete ? 0 : revision);
        while (placed.MoveNext())
        {
            var shown = placed.Current.Parts();
            var change = (int)shown.Next().Number();
            results[change] = BlockAnswer.ReadAll(store, space, shown, block => BlockAnswer.Read(space, block, new StringPool())) is [var block]
                ? CommitResult.Placed(block)
                : throw new InvalidDataException($"the block {changes[change].Block.Id} in Redis store {store} can't be read just after it was written");
        }
        return results;
    }

    private static CommitResult[] ReadRefusals(string store, string space, int count, AnswerParts refusals)
    {
        var strings = new StringPool();
        var results = new CommitResult[count];
        Array.Fill(results, CommitResult.Aborted);
        while (refusals.MoveNext())
        {
            var shown = refusals.Current.Parts();
            var change = (int)shown.Next().Number();
            results[change] = CommitResult.Conflict(BlockAnswer.ReadAll(store, space, shown, block => BlockAnswer.Read(space, block, strings)));
        }
        return results;
    }

    private static RedisKey[] ReadSets(AnswerParts names)
    {
        var sets = new List<RedisKey>();
        while (names.MoveNext())
            sets.Add(names.Current.Utf8().ToArray());
        return [.. sets];
    }
}
