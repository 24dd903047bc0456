using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Ipam.Stores.Sqlite.Files;

/// <summary>
/// A statement prepared once and run many times. Columns count from 0, parameters from 1 (?1, ?2, ...), as in SQLite.
/// Not for several threads at once.
/// </summary>
internal sealed class Statement : IDisposable
{
    // Text that isn't valid UTF-16 is refused: replacing what can't be encoded could make one name out of two.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares <paramref name="sql"/>.</summary>
    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("the connection must be open");
        Check(sqlite3_prepare_v3(_database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Sets a parameter.</summary>
    public Statement Bind(int parameter, long value)
    {
        Check(sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    /// <summary>Sets a parameter.</summary>
    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>Sets a parameter.</summary>
    /// <exception cref="ArgumentException">The text holds half a surrogate pair.</exception>
    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(sqlite3_bind_null(_statement, parameter));
            return this;
        }
        var most = Utf8.GetMaxByteCount(value.Length);
        Span<byte> bytes = most <= 512 ? stackalloc byte[512] : new byte[most];
        var length = Utf8.GetBytes(value, bytes);
        Check(sqlite3_bind_text(_statement, parameter, bytes[..length]));
        return this;
    }

    /// <summary>Runs a statement that returns no rows, and says how many it changed.</summary>
    public int Execute()
    {
        try
        {
            Step();
            return sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that returns no rows; false if another connection has a lock that it needs.</summary>
    public bool TryExecute()
    {
        try
        {
            var code = sqlite3_step(_statement);
            if (code != SQLITE_BUSY)
                IsRow(code);
            return code != SQLITE_BUSY;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement and returns the first column of its first row.</summary>
    public long Number()
    {
        try
        {
            if (!Step())
                throw new InvalidOperationException($"no row came back from: {sqlite3_sql(_statement).utf8_to_string()}");
            return Integer(0);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement and returns the first column of each row.</summary>
    public List<long> Numbers() => All(static row => row.Integer(0));

    /// <summary>Runs a query and looks at each of its rows.</summary>
    public void Each(Action<Statement> look)
    {
        try
        {
            while (Step())
                look(this);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a query and reads each of its rows.</summary>
    public List<T> All<T>(Func<Statement, T> readRow)
    {
        var rows = new List<T>();
        Each(row => rows.Add(readRow(row)));
        return rows;
    }

    /// <summary>Whether the connection is inside a transaction.</summary>
    public bool InTransaction => sqlite3_get_autocommit(_database) == 0;

    /// <summary>Whether the column is null.</summary>
    public bool IsNull(int column) => sqlite3_column_type(_statement, column) == SQLITE_NULL;

    /// <summary>Whether the column is a blob.</summary>
    public bool IsBlob(int column) => sqlite3_column_type(_statement, column) == SQLITE_BLOB;

    /// <summary>An integer column.</summary>
    public long Integer(int column) => sqlite3_column_int64(_statement, column);

    /// <summary>The bytes of a blob or text column; valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(_statement, column);

    /// <summary>A text column.</summary>
    public string Text(int column) => Utf8.GetString(Bytes(column));

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private bool Step() => IsRow(sqlite3_step(_statement));

    private bool IsRow(int code)
    {
        if (code is SQLITE_ROW or SQLITE_DONE)
            return code == SQLITE_ROW;
        SqliteException.ThrowExceptionForRC(code, _database);
        throw new InvalidOperationException($"unexpected answer {code} of sqlite3_step");
    }

    // Also gives locks back; the parameters stay as they are. A failure is that of the step before, which was thrown.
    private void Reset() => sqlite3_reset(_statement);

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
