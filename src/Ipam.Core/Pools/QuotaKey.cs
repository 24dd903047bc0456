namespace Ipam.Core.Pools;

/// <summary>A quota: of the addresses of a pool those that the pods of one namespace may hold.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Namespace">The namespace.</param>
public readonly record struct QuotaKey(string Pool, string Namespace)
{
    /// <summary>The name under which a store notes who holds how much of it: <c>POOL/NAMESPACE</c>.</summary>
    public override string ToString() => $"{Pool}/{Namespace}";

    /// <summary>Reads what <see cref="ToString"/> wrote: no pool has a slash in its name.</summary>
    public static QuotaKey Parse(string name) => name.Split('/', 2) is [var pool, var rest] ? new QuotaKey(pool, rest) : new QuotaKey(name, "");
}
