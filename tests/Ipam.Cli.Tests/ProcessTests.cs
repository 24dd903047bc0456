using System.Diagnostics;
using Ipam.Cli.Terminal;
using Ipam.Cli.Tests.Support;

namespace Ipam.Cli.Tests;

/// <summary>The program as a process, for what only a process has: its streams and its exit code.</summary>
public sealed class ProcessTests : CommandTest
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ipamctl");

    [Fact]
    public async Task Its_input_is_no_terminal_here_so_it_refuses_to_release()
    {
        await GiveAsync(Some.Lease("10.0.0.9"));

        var (exitCode, output, error) = await ExecuteAsync("lease", "release", "10.0.0.9", "--store", DatabaseUrl);

        Assert.Equal((4, ""), (exitCode, output));
        Assert.Contains("ipamctl: not released: there is no terminal to ask on.", error, StringComparison.Ordinal);
        Assert.Single(await LeasesAsync());
    }

    [Fact]
    public async Task Data_come_out_on_the_output_alone()
    {
        await GiveAsync(Some.Lease("10.0.0.9"));

        var outcome = await ExecuteAsync("lease", "list", "-o", "json", "--store", DatabaseUrl);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.StartsWith("[\n  {\n    \"address\": \"10.0.0.9\",\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_takes_no_more_is_a_failure()
    {
        await GiveAsync(Some.Lease("10.0.0.9"));

        var outcome = await ExecuteFileAsync("/bin/sh", "-c", $"{Program} lease list --store {DatabaseUrl} > /dev/full");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("ipamctl: the output can't be written", outcome.Error, StringComparison.Ordinal);
    }

    private static Task<CliOutcome> ExecuteAsync(params string[] arguments) => ExecuteFileAsync(Program, arguments);

    private static async Task<CliOutcome> ExecuteFileAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        // An answer that must not be read.
        await process.StandardInput.WriteLineAsync("y");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CliOutcome(process.ExitCode, output, await error);
    }
}
