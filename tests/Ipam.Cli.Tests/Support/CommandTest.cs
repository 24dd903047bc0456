using System.Text;
using Ipam.Cli.Terminal;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Stores;
using Microsoft.Data.Sqlite;

namespace Ipam.Cli.Tests.Support;

/// <summary>Runs ipamctl against a file of the test's own, with everything around it in the test's hand.</summary>
public abstract class CommandTest : IDisposable
{
    private readonly TempFolder _folder = new();
    private string? _storeUrl;

    private protected Dictionary<string, string> Variables { get; } = [];

    /// <summary>What can be read from "-".</summary>
    private protected string Input { get; set; } = "";

    /// <summary>Answers a question; null where there is no terminal.</summary>
    private protected Func<string?>? Answer { get; set; }

    /// <summary>Makes the store of a URL.</summary>
    private protected Func<string, IIpamStore> CreateStore { get; set; } = static url => StoreFactory.Create(url, TimeProvider.System, mustExist: true);

    private protected DateTimeOffset Now { get; set; } = Some.Noon.AddMinutes(5);

    /// <summary>The clock; null for one that stands still.</summary>
    private protected TimeProvider? Time { get; set; }

    /// <summary>Whether messages go to a terminal.</summary>
    private protected bool ShowsProgress { get; set; }

    /// <summary>The terminal that data go to; null for none.</summary>
    private protected Screen? Screen { get; set; }

    private protected string DatabaseFile => _folder.Combine("ipam.db");

    private protected string DatabaseUrl => $"sqlite:{DatabaseFile}";

    /// <summary>The store to work on: the test's file, or another one.</summary>
    private protected string StoreUrl
    {
        get => _storeUrl ?? DatabaseUrl;
        set => _storeUrl = value;
    }

    private protected string ConfigurationFile => _folder.Combine("ipamd.json");

    /// <summary>Writes a file; returns its path.</summary>
    private protected string Write(string name, string text) => _folder.Write(name, text);

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs it on the test's store.</summary>
    private protected Task<CliOutcome> RunAsync(params string[] arguments) => RunPlainAsync([.. arguments, "--store", StoreUrl]);

    /// <summary>Runs it on the test's store while the time passes, up to twenty times as fast.</summary>
    private protected async Task<CliOutcome> RunOverTimeAsync(params string[] arguments)
    {
        var time = new ManualTimeProvider(Now);
        var run = RunPlainAsync(time, [.. arguments, "--store", StoreUrl]);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(0.2));
            await Task.WhenAny(run, Task.Delay(10));
        }
        return await run;
    }

    /// <summary>Runs it with nothing added to the command line.</summary>
    private protected Task<CliOutcome> RunPlainAsync(params string[] arguments) => RunPlainAsync(Time ?? new ManualTimeProvider(Now), arguments);

    private async Task<CliOutcome> RunPlainAsync(TimeProvider time, string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var environment = new CliEnvironment
        {
            Output = output,
            Input = new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Error = error,
            ReadAnswer = Answer,
            ShowsProgress = ShowsProgress,
            Screen = Screen is { } screen ? () => screen : null,
            Variable = Variables.GetValueOrDefault,
            CreateStore = url => CreateStore(url),
            User = static () => "root",
            ConfigurationFile = ConfigurationFile,
            Time = time,
        };
        // It holds a thread to its end.
        var exitCode = await Task.Factory.StartNew(() => Ipamctl.Run(arguments, environment), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return new CliOutcome(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>Puts leases into the test's file, which is made if it is missing.</summary>
    private protected Task GiveAsync(params Lease[] leases) => ChangeAsync(added: leases, removed: []);

    private protected async Task ChangeAsync(IReadOnlyCollection<Lease> added, IReadOnlyCollection<Lease> removed)
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        await store.ChangeAsync(added, removed);
    }

    private protected async Task<List<Lease>> LeasesAsync()
    {
        await using var store = await StoreContent.OpenAsync(DatabaseFile);
        return await store.LeasesAsync();
    }

    /// <summary>Changes one row of the database by hand.</summary>
    private protected async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}

/// <summary>What a run of ipamctl left behind.</summary>
internal sealed record CliOutcome(int ExitCode, string Output, string Error);
