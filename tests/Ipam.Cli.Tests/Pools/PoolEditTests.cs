using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Ipam.Core.Blocks;
using Ipam.Core.Pools;

namespace Ipam.Cli.Tests.Pools;

public sealed class PoolEditTests : CatalogTest
{
    [Fact]
    public async Task Single_fields_are_set_and_the_others_stay()
    {
        await CreateAsync();

        Assert.Equal("changed pool blue\n", await DoAsync(
            "pool", "edit", "blue", "--set", "order=lowest", "--set", "cooldownSeconds=60", "--set", "namespaces=[\"shop\"]", "--set", "affinity=null"));

        var pool = await PoolAsync("blue");
        Assert.Equal(
            new AllocationPolicy { Order = AllocationOrder.Lowest, Cooldown = TimeSpan.FromSeconds(60), IsStrict = true }, pool.Policy);
        Assert.Equal(["shop"], pool.Namespaces);
        Assert.Equal(Some.Noon, pool.CreatedAt);
    }

    [Theory]
    [InlineData("order", "--set is 'order', wanted is KEY=VALUE, such as cooldownSeconds=60")]
    [InlineData("order=best", "pool: order \"best\" is none of \"next\", \"lowest\", \"random\"")]
    [InlineData("oder=next", "unknown key \"oder\"; did you mean \"order\"?")]
    [InlineData("ranges=[]", "the pool has no range; give at least one")]
    [InlineData("name=red", "the document is of pool 'red', and 'blue' is asked for; a pool keeps its name, so make them the same")]
    public async Task What_makes_no_pool_is_a_wrong_option(string field, string expected)
    {
        await CreateAsync();
        var before = await PoolAsync("blue");

        var outcome = await RunAsync("pool", "edit", "blue", "--set", field);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await PoolAsync("blue")).Version);
    }

    [Fact]
    public async Task A_document_replaces_the_whole_pool()
    {
        await CreateAsync();
        Input = """{"ranges": [{"subnet": "10.2.0.0/24"}]}""";

        await DoAsync("pool", "edit", "blue", "-f", "-");

        var pool = await PoolAsync("blue");
        Assert.Equal(("10.2.0.0/24", new AllocationPolicy()), (pool.Ranges.Single().Subnet.ToString(), pool.Policy));
    }

    [Fact]
    public async Task A_document_and_single_fields_do_not_go_together()
    {
        await CreateAsync();

        Assert.Equal(2, (await RunAsync("pool", "edit", "blue", "-f", "-", "--set", "order=next")).ExitCode);
    }

    [Fact]
    public async Task Leases_that_lie_outside_of_the_new_ranges_stay_and_are_told()
    {
        await CreateAsync();
        await GiveAsync(Some.Lease("10.1.0.5"), Some.Lease("10.1.0.200"));

        var outcome = await RunAsync("pool", "edit", "blue", "--set", "ranges=[{\"subnet\":\"10.1.0.0/24\",\"rangeEnd\":\"10.1.0.99\"}]");

        Assert.Equal(
            new CliOutcome(0, "changed pool blue\n", "ipamctl: leases that lie outside of its ranges now, and stay: 1 (10.1.0.200).\n"), outcome);
        Assert.Equal(2, (await LeasesAsync()).Count);
    }

    [Fact]
    public async Task What_is_so_already_is_not_written()
    {
        await CreateAsync();
        var before = await PoolAsync("blue");

        Assert.Equal("pool blue is so already\n", await DoAsync("pool", "edit", "blue", "--set", "order=random"));

        Assert.Equal(before.Version, (await PoolAsync("blue")).Version);
    }

    [Fact]
    public async Task A_pool_changed_meanwhile_stays_as_it_is()
    {
        await CreateAsync();
        Meanwhile(() => DoAsync("pool", "disable", "blue"));

        var outcome = await RunAsync("pool", "edit", "blue", "--set", "order=lowest");

        Assert.Equal(
            new CliOutcome(
                4, "", "ipamctl: not changed: pool 'blue' was changed meanwhile; nothing was written. Look with 'ipamctl pool show blue' and try again.\n"),
            outcome);
        Assert.Equal(AllocationOrder.Random, (await PoolAsync("blue")).Policy.Order);
    }

    [Fact]
    public async Task A_pool_deleted_meanwhile_is_not_made_again()
    {
        await CreateAsync();
        Meanwhile(() => RunAsync("pool", "delete", "blue", "--yes"));

        var outcome = await RunAsync("pool", "edit", "blue", "--set", "order=lowest");

        Assert.Equal(new CliOutcome(3, "", "ipamctl: not changed: pool 'blue' was deleted meanwhile; nothing was written.\n"), outcome);
        Assert.Empty((await CatalogAsync()).Pools);
    }

    [Fact]
    public async Task The_editor_gets_the_document_and_its_change_is_written()
    {
        await CreateAsync();
        Editor("""sed -i 's/"order": "random"/"order": "lowest"/'""");

        Assert.Equal("changed pool blue\n", await DoAsync("pool", "edit", "blue"));

        Assert.Equal(AllocationOrder.Lowest, (await PoolAsync("blue")).Policy.Order);
    }

    [Theory]
    [InlineData("true", 0, "pool blue stays as it is\n", "")]
    [InlineData("truncate -s 0", 4, "", "ipamctl: not changed: the file was emptied.\n")]
    [InlineData("false", 2, "", "ipamctl: the editor 'false' ended with exit code 1; name another by EDITOR, or use --set or -f\n")]
    public async Task An_edit_can_be_given_up(string editor, int exitCode, string output, string error)
    {
        await CreateAsync();
        Editor(editor);

        Assert.Equal(new CliOutcome(exitCode, output, error), await RunAsync("pool", "edit", "blue"));
    }

    [Fact]
    public async Task An_editor_that_leaves_no_file_is_told_from_a_fault_of_the_output()
    {
        await CreateAsync();
        Editor("rm");

        var outcome = await RunAsync("pool", "edit", "blue");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("ipamctl: the file to edit can't be used: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_brings_the_editor_back_with_the_reason()
    {
        await CreateAsync();
        Answer = static () => throw new InvalidOperationException("nothing is to be asked");
        Editor(Script(
            """
            if grep -q '^// ipamctl: pool: order "best"' "$1"; then
              sed -i 's/"best"/"lowest"/' "$1"
            else
              sed -i 's/"random"/"best"/' "$1"
            fi
            """));

        Assert.Equal("changed pool blue\n", await DoAsync("pool", "edit", "blue"));

        Assert.Equal(AllocationOrder.Lowest, (await PoolAsync("blue")).Policy.Order);
    }

    [Fact]
    public async Task A_mistake_that_stays_ends_it_and_keeps_what_was_written()
    {
        await CreateAsync();
        Answer = static () => null;
        Editor("""sed -i 's/"random"/"best"/'""");

        var outcome = await RunAsync("pool", "edit", "blue");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("ipamctl: pool: order \"best\" is none of \"next\", \"lowest\", \"random\"\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("\"best\"", TakeKept(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_is_kept_when_the_pool_changed_meanwhile()
    {
        await CreateAsync();
        Editor("""sed -i 's/"random"/"lowest"/'""");
        Meanwhile(() => DoAsync("pool", "disable", "blue"));

        var outcome = await RunAsync("pool", "edit", "blue");

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("\"lowest\"", TakeKept(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_is_kept_when_the_editor_fails_afterwards()
    {
        await CreateAsync();
        Editor(Script(
            """
            sed -i 's/"random"/"lowest"/' "$1"
            exit 3
            """));

        var outcome = await RunAsync("pool", "edit", "blue");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("\"lowest\"", TakeKept(outcome), StringComparison.Ordinal);
        Assert.Equal(AllocationOrder.Random, (await PoolAsync("blue")).Policy.Order);
    }

    [Fact]
    public async Task The_editor_named_last_is_the_visual_one()
    {
        await CreateAsync();
        Editor("false");
        Variables["VISUAL"] = "true";

        Assert.Equal("pool blue stays as it is\n", await DoAsync("pool", "edit", "blue"));
    }

    private Task<string> CreateAsync() => DoAsync("pool", "create", "blue", "--range", "10.1.0.0/24", "--order", "random", "--affinity", "node", "--strict");

    private void Editor(string command) => Variables["EDITOR"] = command;

    private string Script(string text)
    {
        File.WriteAllText(DatabaseFile + ".editor", text);
        return $"sh {DatabaseFile}.editor";
    }

    /// <summary>Reads the file that the message names, and removes it.</summary>
    private static string TakeKept(CliOutcome outcome)
    {
        const string Lead = "ipamctl: what you wrote is in ";
        var line = outcome.Error.Split('\n').Single(line => line.StartsWith(Lead, StringComparison.Ordinal));
        var path = line[Lead.Length..line.IndexOf(';', StringComparison.Ordinal)];
        var text = File.ReadAllText(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return text;
    }
}
