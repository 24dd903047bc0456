using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Ipam.Cli.Tests;

public sealed class StoreChoiceTests : CommandTest
{
    private readonly List<string> _urls = [];

    [Fact]
    public async Task By_default_it_is_the_default_of_ipamd() => Assert.Equal("sqlite:/var/lib/ipam/ipam.db", await ChosenAsync("space", "list"));

    [Fact]
    public async Task The_file_of_ipamd_beats_the_default()
    {
        Configure(ConfigurationFile, """{ /* ipamd's */ "node": "node-a", "store": "sqlite:from-file", }""");

        Assert.Equal("sqlite:from-file", await ChosenAsync("space", "list"));
    }

    [Fact]
    public async Task A_file_without_a_store_leaves_the_default()
    {
        Configure(ConfigurationFile, """{ "node": "node-a" }""");

        Assert.Equal("sqlite:/var/lib/ipam/ipam.db", await ChosenAsync("space", "list"));
    }

    [Fact]
    public async Task A_named_file_takes_the_place_of_the_usual_one()
    {
        Configure(ConfigurationFile, """{ "store": "sqlite:usual" }""");
        Configure(ConfigurationFile + ".2", """{ "store": "sqlite:by-variable" }""");
        Configure(ConfigurationFile + ".3", """{ "store": "sqlite:by-flag" }""");
        Variables["IPAM_CONFIG"] = ConfigurationFile + ".2";

        Assert.Equal("sqlite:by-variable", await ChosenAsync("space", "list"));
        Assert.Equal("sqlite:by-flag", await ChosenAsync("space", "list", "--config", ConfigurationFile + ".3"));
    }

    [Fact]
    public async Task A_variable_beats_the_file_and_a_flag_beats_the_variable()
    {
        Configure(ConfigurationFile, """{ "store": "sqlite:from-file" }""");
        Variables["IPAM_STORE"] = "sqlite:from-variable";

        Assert.Equal("sqlite:from-variable", await ChosenAsync("space", "list"));
        Assert.Equal("sqlite:from-flag", await ChosenAsync("space", "list", "--store", "sqlite:from-flag"));
        Assert.Equal("sqlite:from-flag", await ChosenAsync("--store", "sqlite:from-flag", "space", "list"));
    }

    [Fact]
    public async Task An_empty_variable_counts_for_nothing()
    {
        Variables["IPAM_STORE"] = "";
        Variables["IPAM_CONFIG"] = "";

        Assert.Equal("sqlite:/var/lib/ipam/ipam.db", await ChosenAsync("space", "list"));
    }

    [Theory]
    [InlineData("[]", "wanted a JSON object, found Array")]
    [InlineData("{", "can't be read as JSON: it is no JSON at line 1, byte 2; name the store by --store, or another file by --config")]
    [InlineData("{\n  store", "can't be read as JSON: it is no JSON at line 2, byte 3; ")]
    [InlineData("""{ "store": "\ud800" }""", "can't be read as JSON: a text can't be decoded: there is half of a surrogate pair in it")]
    [InlineData("""{ "store": 5 }""", "\"store\" must be a URL such as \"sqlite:/var/lib/ipam/ipam.db\", found is 5")]
    public async Task A_file_that_makes_no_sense_is_a_wrong_option(string json, string expected)
    {
        Configure(ConfigurationFile, json);

        var outcome = await RunPlainAsync("space", "list");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo", "is a FIFO, wanted is a regular file")]
    [InlineData("mkdir", "is a folder, wanted is a regular file")]
    [InlineData("truncate -s 1048577", "is larger than 1048576 bytes, which is more than such a file may have")]
    public async Task What_is_no_file_of_options_is_told_and_not_waited_for(string make, string expected)
    {
        Testing.Command.Run("sh", "-c", $"{make} '{ConfigurationFile}'");

        var outcome = await Task.Run(() => RunPlainAsync("space", "list")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"{ConfigurationFile} can't be read as JSON: {ConfigurationFile} {expected}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_file_that_is_missing_is_a_wrong_option()
    {
        var outcome = await RunPlainAsync("space", "list", "--config", ConfigurationFile);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"ipamctl: {ConfigurationFile} can't be read", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_url_of_no_known_store_is_a_wrong_option()
    {
        var outcome = await RunPlainAsync("space", "list", "--store", "mysql:x");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("sqlite:PATH", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lease list")]
    [InlineData("lease show 10.0.0.1")]
    [InlineData("lease release 10.0.0.1 --yes")]
    [InlineData("pool list")]
    [InlineData("pool show blue")]
    [InlineData("pool create blue --range 10.1.0.0/24")]
    [InlineData("pool edit blue")]
    [InlineData("pool delete blue --yes")]
    [InlineData("pool disable blue")]
    [InlineData("reservation list")]
    [InlineData("reservation add 10.1.0.5")]
    [InlineData("reservation delete dns --yes")]
    [InlineData("space list")]
    public async Task A_typo_in_the_path_makes_no_file(string verb)
    {
        var outcome = await RunAsync(verb.Split(' '));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"ipamctl: SQLite store {DatabaseFile}: there is no such file", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(DatabaseFile)!));
    }

    [Fact]
    public async Task An_empty_file_is_not_made_a_store()
    {
        await File.WriteAllBytesAsync(DatabaseFile, []);

        var outcome = await RunAsync("lease", "list");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("has schema version 0", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(DatabaseFile).Length);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused()
    {
        await GiveAsync(Some.Lease("10.0.0.9"));
        await using (var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        var outcome = await RunAsync("lease", "list");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("has schema version 99", outcome.Error, StringComparison.Ordinal);
    }

    private static void Configure(string path, string json) => File.WriteAllText(path, json);

    private async Task<string> ChosenAsync(params string[] arguments)
    {
        CreateStore = url =>
        {
            _urls.Add(url);
            throw new FormatException("enough is seen");
        };
        Assert.Equal(2, (await RunPlainAsync(arguments)).ExitCode);
        return _urls[^1];
    }
}
