using System.Text.Json;
using Ipam.Core.Blocks;
using IpamSuite.Shared;

namespace Ipam.Stores.Blocks;

/// <summary>Data that a program of this suite wrote, or that somebody changed since.</summary>
internal static class StoredData
{
    /// <summary>Whether reading failed because of the data, so that other data can be read all the same.</summary>
    public static bool IsUnreadable(Exception e) => e is InvalidDataException or FormatException or OverflowException or ArgumentException or JsonException
        or (InvalidOperationException and not ObjectDisposedException);

    /// <summary>Why it can't be read, to complete a sentence.</summary>
    public static string Why(Exception unreadable) => unreadable is JsonException json ? JsonPlace.Why(json) : unreadable.Message.TrimEnd('.');

    /// <summary>A time that is stored in 100 ns since the Unix epoch.</summary>
    /// <exception cref="InvalidDataException">It is no time.</exception>
    public static DateTimeOffset Time(long ticks)
    {
        try
        {
            return DateTimeOffset.UnixEpoch.AddTicks(ticks);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException($"{ticks} is no time in 100 ns since 1970", e);
        }
    }

    /// <summary>A time that is stored in milliseconds since the Unix epoch.</summary>
    /// <exception cref="InvalidDataException">It is no time.</exception>
    public static DateTimeOffset Milliseconds(long milliseconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException($"{milliseconds} is no time in milliseconds since 1970", e);
        }
    }

    /// <summary>A cooldown that is stored in seconds.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static TimeSpan Cooldown(long seconds) => seconds >= 0 && seconds <= (long)Lease.MaxCooldown.TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new InvalidDataException($"a lease has a cooldown of {seconds} s, and wanted is 0 to {Lease.MaxCooldown.TotalSeconds}");

    /// <summary>The block, if nothing in it contradicts itself.</summary>
    /// <exception cref="InvalidDataException">Something does.</exception>
    public static Block EnsureWhole(Block block, ulong held) => block.FlawBeside(held) is { } flaw ? throw new InvalidDataException(flaw) : block;
}
