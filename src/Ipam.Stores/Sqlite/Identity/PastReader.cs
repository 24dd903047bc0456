using Ipam.Core.Stores;
using Ipam.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace Ipam.Stores.Sqlite.Identity;

/// <summary>Reads and renews the identity of a file.</summary>
internal static class PastReader
{
    /// <summary>The file's past.</summary>
    public static StorePast Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT identity, revision FROM store";
        using var row = command.ExecuteReader();
        // Whoever can open the file is on the machine itself: nobody else is waited for.
        return row.Read()
            ? new StorePast(row.GetString(0), row.GetInt64(1), IsAccepted: true)
            : throw new InvalidDataException("the table 'store' has no row");
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
