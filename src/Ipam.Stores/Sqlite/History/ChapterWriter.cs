using Ipam.Core.Blocks;
using Ipam.Core.History;
using Ipam.Stores.Sqlite.Files;
using Ipam.Stores.Sqlite.Model;

namespace Ipam.Stores.Sqlite.History;

/// <summary>Writes events into a chapter, all or none. An event that it has already changes nothing. Not thread-safe.</summary>
/// <param name="statements">The chapter's connection, which is closed with it.</param>
internal sealed class ChapterWriter(Statements statements) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WriteTransaction _transaction = new(statements, Patience);
    private readonly Statement _findName = statements.Prepare("SELECT id FROM names WHERE name = ?1");
    private readonly Statement _addName = statements.Prepare("INSERT INTO names (name) VALUES (?1) RETURNING id");
    private readonly Statement _put = statements.Prepare("""
        INSERT INTO leases (address, sequence, space, network, container, interface, entry, node, namespace, pod, uid, acquired,
            began, began_why, began_by, ended, ended_why, ended_by, evidence)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT DO UPDATE SET
            began = coalesce(began, excluded.began), began_why = coalesce(began_why, excluded.began_why), began_by = coalesce(began_by, excluded.began_by),
            ended = coalesce(ended, excluded.ended), ended_why = coalesce(ended_why, excluded.ended_why), ended_by = coalesce(ended_by, excluded.ended_by),
            evidence = coalesce(evidence, excluded.evidence)
        """);

    private readonly Dictionary<string, long> _names = new(StringComparer.Ordinal);

    /// <summary>Writes events. When it returns, they are on the disk.</summary>
    public void Append(IReadOnlyList<LeaseEvent> events)
    {
        _transaction.Begin();
        try
        {
            // Neighbours lie on the same page.
            foreach (var one in events.OrderBy(static one => one.Lease.Address))
                Put(one);
            _transaction.Commit();
        }
        finally
        {
            _transaction.Undo();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => statements.Dispose();

    private void Put(LeaseEvent one)
    {
        var lease = one.Lease;
        var acquired = lease.AcquiredAt.ToUnixTimeMilliseconds();
        var at = one.At.ToUnixTimeMilliseconds() - acquired;
        _put.Bind(1, AddressBytes.Of(lease.Address)).Bind(2, lease.Sequence).Bind(3, IdOf(lease.Space)).Bind(4, IdOf(lease.Owner.Network));
        BindDigits(5, lease.Owner.ContainerId);
        _put.Bind(6, IdOf(lease.Owner.InterfaceName)).Bind(7, lease.Entry).Bind(8, IdOf(lease.Node)).Bind(10, lease.Pod?.Name).Bind(12, acquired);
        if (lease.Pod is { } pod)
        {
            _put.Bind(9, IdOf(pod.Namespace));
            BindDigits(11, pod.Uid);
        }
        else
        {
            _put.Bind(9, (string?)null).Bind(11, (string?)null);
        }
        for (var column = 13; column <= 19; column++)
            _put.Bind(column, (string?)null);
        if (one.Began is { } began)
            _put.Bind(13, at).Bind(14, (int)began.Cause).Bind(15, ByOf(began.By, lease));
        if (one.Ended is { } ended)
            _put.Bind(16, at).Bind(17, (int)ended.Cause).Bind(18, ByOf(ended.By, lease)).Bind(19, ended.Evidence.Length == 0 ? null : ended.Evidence);
        _put.Execute();
    }

    private long ByOf(string by, Lease lease) => by == lease.Node ? 0 : IdOf(by);

    /// <summary>The name's number, from 1.</summary>
    private long IdOf(string name)
    {
        if (_names.TryGetValue(name, out var id))
            return id;
        id = _findName.Bind(1, name).Numbers() is [var known] ? known : _addName.Bind(1, name).Numbers()[0];
        _names.Add(name, id);
        return id;
    }

    private void BindDigits(int parameter, string text)
    {
        if (ChapterDigits.TryPack(text) is { } bytes)
            _put.Bind(parameter, bytes);
        else
            _put.Bind(parameter, text);
    }
}
