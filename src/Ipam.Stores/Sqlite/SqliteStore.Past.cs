using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Identity;

namespace Ipam.Stores.Sqlite;

/// <content>The store's past: which data the file has, and how far they have come.</content>
public sealed partial class SqliteStore
{
    // Each commit notices that another file, or an older one, is in this one's place.
    long IStorePasts.Interruptions => 0;

    async Task<StorePast> IStorePasts.ReadAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await RunBeside("read its identity", () =>
            {
                EnsureOpen();
                if (AreOthersThere)
                    Reopen();
                using var connection = _connections.Open(readOnly: true);
                var past = PastReader.Read(connection);
                // Which of two files has what others committed meanwhile can't be said.
                return _isExchanged || past.Revision < _known ? past with { Revision = StorePast.WentBack } : past;
            }, cancellationToken);
        }
        finally
        {
            _writing.Release();
            _changing.Release();
        }
    }

    void IStorePasts.Remember(string space, long version) => _known = Math.Max(_known, version);

    void IStorePasts.Expect(StorePast past) => (_expected, _known, _isExchanged) = (past.Identity, past.Revision, false);

    Task IStorePasts.RenewAsync(string identity, CancellationToken cancellationToken) => RunBeside("renew its identity", () =>
    {
        using var connection = _connections.Open(readOnly: false);
        PastReader.Renew(connection, identity);
        return true;
    }, cancellationToken);

    Task<bool> IStorePasts.AcceptAsync(string identity, CancellationToken cancellationToken) => RunBeside("accept a loss", () =>
    {
        using var connection = _connections.Open(readOnly: false);
        return PastReader.Accept(connection, identity);
    }, cancellationToken);
}
