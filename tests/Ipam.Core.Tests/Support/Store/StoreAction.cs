namespace Ipam.Core.Tests.Support.Store;

/// <summary>What a store is called for.</summary>
internal enum StoreAction
{
    Read,
    Commit,
}
