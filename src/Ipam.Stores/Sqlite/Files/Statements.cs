using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>
/// The statements of a connection, closed together with it: one that is left keeps the files of a closed connection open, and SQLite lets every later connection
/// of the process share what those know of the log. Not for several threads at once.
/// </summary>
/// <param name="connection">The open connection, which is closed with them.</param>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly List<Statement> _prepared = [];

    /// <summary>The connection.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>Prepares one more. If that can't be, everything is closed.</summary>
    public Statement Prepare(string sql)
    {
        try
        {
            var statement = new Statement(connection, sql);
            _prepared.Add(statement);
            return statement;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _prepared.ForEach(static statement => statement.Dispose());
        _prepared.Clear();
        connection.Dispose();
    }
}
