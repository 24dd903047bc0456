namespace EndToEnd.Support.Stores;

/// <summary>A test on a store whose server must be there.</summary>
public sealed class StoreFactAttribute : FactAttribute
{
    public StoreFactAttribute(string kind) => Skip = StoreServers.WhyMissing(kind);
}
