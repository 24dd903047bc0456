using System.Globalization;
using Ipam.Core.Stores;
using Ipam.Stores.Kubernetes.Client;

namespace Ipam.Stores.Kubernetes.Identity;

/// <summary>
/// The past of the cluster's data. The identity is noted in a Lease. The revision is the API's resourceVersion, which is etcd's revision and goes
/// back when etcd is restored from a snapshot.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="interruptions">Counts how often the API server was away.</param>
/// <param name="space">Gives the namespace of the Lease.</param>
/// <param name="readRevision">Asks the API server for its revision.</param>
/// <param name="forget">Forgets what was heard of objects, whose versions come again.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterPasts(
    Func<IKubernetesClient> client, Interruptions interruptions, Func<string> space, Func<CancellationToken, Task<long>> readRevision, Action forget, TimeProvider time)
    : IStorePasts
{
    private const string Name = "ipam.store";
    private const string IdentityNote = "ipamsuite.dev/identity";
    private const string AcceptedNote = "ipamsuite.dev/accepted";
    private const int MostTries = 10;

    /// <summary>For how long a check is good enough for writes that a version guards as well. No longer than the shortest interruption.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(500);

    private volatile StorePast? _expected;
    private long _highest;
    private long _checkedAt;

    /// <inheritdoc/>
    public long Interruptions => interruptions.Count;

    /// <summary>The highest revision that the server has shown.</summary>
    public long Highest => Interlocked.Read(ref _highest);

    private NoteLeaseKind Kind => new(space(), "store", null, time);

    /// <summary>Checks the version that a write got against the <see cref="Highest"/> from before the write was sent.</summary>
    /// <exception cref="StoreException">The server went back.</exception>
    public void Written(long version, long highestBefore)
    {
        if (_expected is not null && version <= highestBefore)
        {
            throw Loss(string.Create(
                CultureInfo.InvariantCulture, $"the API server gave a write the version {version}, and was at {highestBefore} before: etcd was restored from an older copy"));
        }
        Raise(version);
    }

    /// <summary>Checks that the server still has the identity that is expected. For writes that no version guards.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        if (_expected is not { } expected)
            return true;
        var start = time.GetTimestamp();
        if ((await client().GetAsync(Kind, Name, cancellationToken))?[IdentityNote] != expected.Identity)
            throw Loss($"the Lease {Name} has another identity than before, or is gone: the cluster's data are others, or older ones");
        Volatile.Write(ref _checkedAt, start);
        return true;
    }

    /// <summary>
    /// The same, unless it was checked just now. For writes that hand out addresses: to a node that wasn't there while the cluster's data went on and back, old
    /// versions look like those it knows.
    /// </summary>
    public Task<bool> CheckNowAndThenAsync(CancellationToken cancellationToken) =>
        time.GetElapsedTime(Volatile.Read(ref _checkedAt)) < JustNow ? Task.FromResult(true) : CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<StorePast> ReadAsync(CancellationToken cancellationToken)
    {
        var lease = await ReadOrCreateAsync(cancellationToken);
        // What comes meanwhile may be newer than the answer.
        var before = Highest;
        var revision = await readRevision(cancellationToken);
        if (revision < before)
            revision = StorePast.WentBack;
        else
            Raise(revision);
        return new StorePast(lease[IdentityNote], revision, lease[AcceptedNote] == lease[IdentityNote]);
    }

    /// <inheritdoc/>
    public void Expect(StorePast past)
    {
        if (_expected is { } former && !former.IsKeptBy(past))
            forget();
        _expected = past;
        Volatile.Write(ref _checkedAt, time.GetTimestamp() - time.TimestampFrequency);
        if (past.Revision == StorePast.WentBack)
            Interlocked.Exchange(ref _highest, 0);
    }

    /// <inheritdoc/>
    public void Remember(string space, long version) => Raise(version);

    /// <inheritdoc/>
    public Task RenewAsync(string identity, CancellationToken cancellationToken) =>
        ChangeAsync(identity, () => Notes(StorePast.NewIdentity()), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AcceptAsync(string identity, CancellationToken cancellationToken) =>
        ChangeAsync(identity, () => new Dictionary<string, string>(Notes(identity)) { [AcceptedNote] = identity }, cancellationToken);

    /// <summary>Changes the notes as long as the identity is this one; false if it isn't.</summary>
    private async Task<bool> ChangeAsync(string identity, Func<Dictionary<string, string>> notes, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var lease = await ReadOrCreateAsync(cancellationToken);
            if (lease[IdentityNote] != identity)
                return false;
            if ((await client().ReplaceAsync(Kind, Name, lease with { Notes = notes() }, cancellationToken)).Outcome == WriteOutcome.Written)
                return true;
        }
        throw new StoreException($"the Lease {Name} was changed by others at each of {MostTries} tries; try again");
    }

    private async Task<NoteLease> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var lease = await client().GetAsync(Kind, Name, cancellationToken);
            if (lease is not null && lease[IdentityNote].Length > 0)
                return lease;
            var created = new NoteLease(lease?.Meta ?? new ObjectMeta(Name, "", 0, 0, default, ""), "", Notes(StorePast.NewIdentity()));
            if (lease is null)
                await client().CreateAsync(Kind, created, cancellationToken);
            else
                await client().ReplaceAsync(Kind, Name, created, cancellationToken);
        }
        throw new StoreException($"the Lease {Name} was deleted by others at each of {MostTries} tries; try again");
    }

    private void Raise(long version)
    {
        for (var known = Highest; version > known && Interlocked.CompareExchange(ref _highest, version, known) != known;)
            known = Highest;
    }

    private static Dictionary<string, string> Notes(string identity) => new(StringComparer.Ordinal) { [IdentityNote] = identity };

    private static StoreException Loss(string what) => new(what) { IsLoss = true };
}
