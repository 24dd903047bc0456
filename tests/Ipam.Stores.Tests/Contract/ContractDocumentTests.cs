using System.Reflection;

namespace Ipam.Stores.Tests.Contract;

/// <summary>docs/store-contract.md lists what the contract's tests are called.</summary>
public sealed class ContractDocumentTests
{
    [Fact]
    public void Every_test_of_the_contract_is_in_the_document_and_no_other()
    {
        var tests = typeof(AllOrNothingStoreContract).GetMethods()
            .Where(static method => method.GetCustomAttribute<Xunit.FactAttribute>() is not null)
            .Select(static method => method.Name.Replace('_', ' '));
        var listed = File.ReadLines(Path.Combine(RepositoryRoot.Folder, "docs/store-contract.md")).Where(static line => line.StartsWith("- ", StringComparison.Ordinal)).Select(static line => line[2..]);

        Assert.Equal(tests.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
