using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Identity;

/// <summary>Reads, renews and accepts the identity of a file.</summary>
internal static class PastReader
{
    /// <summary>The file's past.</summary>
    public static StorePast Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT identity, revision, accepted = identity FROM store";
        using var row = command.ExecuteReader();
        return row.Read()
            ? new StorePast(row.GetString(0), row.GetInt64(1), row.GetBoolean(2))
            : throw new InvalidDataException("the table 'store' has no row");
    }

    /// <summary>Writes that an admin accepted the loss before this identity; false if the file has another one.</summary>
    public static bool Accept(SqliteConnection connection, string identity)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE store SET accepted = identity WHERE identity = $identity";
        command.Parameters.AddWithValue("$identity", identity);
        return command.ExecuteNonQuery() > 0;
    }

    /// <summary>Writes another identity in place of this one.</summary>
    public static void Renew(SqliteConnection connection, string identity)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE store SET identity = $new WHERE identity = $old";
        command.Parameters.AddWithValue("$new", StorePast.NewIdentity());
        command.Parameters.AddWithValue("$old", identity);
        command.ExecuteNonQuery();
    }
}
