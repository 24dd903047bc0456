namespace Ipam.Core.Pools;

/// <summary>How full a pool is.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Ranges">Its ranges in one line, for people.</param>
/// <param name="Size">Its addresses that can be handed out, held or not.</param>
/// <param name="Used">How many of its addresses are held.</param>
/// <param name="Free">How many could be handed out now.</param>
public sealed record PoolUsage(string Pool, string Ranges, UInt128 Size, long Used, UInt128 Free);
