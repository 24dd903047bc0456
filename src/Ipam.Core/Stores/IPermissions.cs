namespace Ipam.Core.Stores;

/// <summary>What the account that a store is used with may do there. Members may be called from several threads at once.</summary>
public interface IPermissions
{
    /// <summary>Asks for each thing that ipamctl does, in an order that is always the same.</summary>
    /// <exception cref="StoreException">The store failed, or doesn't say.</exception>
    Task<IReadOnlyList<Permission>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>Whether something may be done.</summary>
/// <param name="Verb">What, such as <c>list</c>.</param>
/// <param name="Resource">To what, as the store calls it, such as <c>ipblocks.ipamsuite.dev</c>.</param>
/// <param name="Space">In which namespace of the cluster; empty for all of it.</param>
/// <param name="IsAllowed">Whether it may.</param>
public sealed record Permission(string Verb, string Resource, string Space, bool IsAllowed);
