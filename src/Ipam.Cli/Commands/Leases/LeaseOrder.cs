using System.CommandLine;
using Ipam.Cli.Output;
using Ipam.Core.Blocks;
using Ipam.Core.Text;

namespace Ipam.Cli.Commands.Leases;

/// <summary>The options <c>--sort</c> and <c>--columns</c>: which columns of the wide table are shown, and by which the lines are in order.</summary>
internal sealed class LeaseOrder
{
    private static readonly string[] Names = [.. LeaseView.At(default).AllColumns.Select(static column => NameOf(column))];

    private readonly Option<string> _sort = new("--sort", "--sort-by")
    {
        Description = "In order of this column; ages: the youngest first. All leases are read before the first is shown. [otherwise: by space and address]",
        HelpName = "COLUMN",
    };

    private readonly Option<string> _columns = new("--columns") { Description = $"The columns of tables and CSV: of {string.Join(',', Names)}.", HelpName = "COLUMN,..." };

    public LeaseOrder()
    {
        _sort.CompletionSources.Add(Names);
        _sort.Validators.Add(static result => Check(result.Tokens[0].Value, result.AddError));
        _columns.Validators.Add(static result =>
        {
            foreach (var name in result.Tokens[0].Value.Split(','))
                Check(name, result.AddError);
        });
    }

    public IReadOnlyList<Option> All => [_sort, _columns];

    /// <summary>Whether the leases are in another order than the store lists them in.</summary>
    public bool Sorts(ParseResult arguments) => arguments.GetValue(_sort) is not null;

    /// <summary>The leases in the order that was asked for.</summary>
    public async IAsyncEnumerable<Lease> ApplyAsync(ParseResult arguments, IAsyncEnumerable<Lease> leases)
    {
        var sort = arguments.GetValue(_sort);
        var all = new List<Lease>();
        await foreach (var lease in leases)
        {
            if (sort is null)
                yield return lease;
            else
                all.Add(lease);
        }
        foreach (var lease in sort is null ? all : Sorted(all, sort))
            yield return lease;
    }

    /// <summary>The view with the columns that were asked for.</summary>
    public View<Lease> Choose(ParseResult arguments, View<Lease> view)
    {
        if (arguments.GetValue(_columns) is not { } names)
            return view;
        Column<Lease> Of(string name) => view.Columns.Concat(view.AllColumns).First(column => NameOf(column) == name);
        var chosen = names.Split(',').Select(Of).ToList();
        return view with { Columns = chosen, AllColumns = [.. names.Split(',').Select(name => view.AllColumns.First(column => NameOf(column) == name))] };
    }

    private static IEnumerable<Lease> Sorted(List<Lease> leases, string name) => name switch
    {
        "address" => leases.OrderBy(static lease => lease.Address).ThenBy(static lease => lease.Space, StringComparer.Ordinal),
        "age" => leases.OrderByDescending(static lease => lease.AcquiredAt),
        "acquired" => leases.OrderBy(static lease => lease.AcquiredAt),
        "sequence" => leases.OrderBy(static lease => lease.Sequence),
        _ => leases.OrderBy(LeaseView.At(default).AllColumns.First(column => NameOf(column) == name).Text, StringComparer.Ordinal),
    };

    private static string NameOf(Column<Lease> column) => column.Title.ToLowerInvariant().Replace(' ', '-');

    private static void Check(string name, Action<string> complain)
    {
        if (!Names.Contains(name, StringComparer.Ordinal))
            complain($"'{name}' is no column{(NearestName.Like(Names, name) is { } near ? $", did you mean '{near}'?" : ".")} Known are: {string.Join(", ", Names)}.");
    }
}
