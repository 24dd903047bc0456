using Ipam.Cli.Terminal;
using Ipam.Core.Pools;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Pools;

/// <summary>Lets a person change a pool's document in an editor, until it is right or left as it was.</summary>
internal sealed class PoolEditing(CliEnvironment environment, Pool pool)
{
    private const string Help =
        """
        // A pool. Nothing is written if nothing is changed, or the file is emptied.
        // Keys: ranges [{subnet, rangeStart, rangeEnd, gateway, exclude, skipEdges, allowOutside}], space, routes [{dst, gw}],
        // order, affinity, strict, nodeSelector {nodes, labels}, namespaces, namespaceSelector {labels}, podSelector {labels}, networks, quotas {NAMESPACE: NUMBER}, disabled,
        // cooldownSeconds, reuseResting, sticky, stickySeconds. What is left out is as by default.

        """;

    private const string MistakeMark = "// ipamctl: ";

    /// <summary>Edits, and writes what comes of it.</summary>
    /// <param name="write">Writes the changed pool and returns the exit code.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<int> RunAsync(Func<Pool, Task<int>> write, CancellationToken cancellationToken)
    {
        var file = new EditedFile(environment, "pool.json");
        var exitCode = ExitCode.Failure;
        try
        {
            return exitCode = await RunAsync(file, write, cancellationToken);
        }
        finally
        {
            Leave(file, isDone: exitCode == ExitCode.Ok);
        }
    }

    private void Leave(EditedFile file, bool isDone)
    {
        if (isDone || !file.HasWork)
            file.Delete();
        else
            environment.Note($"what you wrote is in {file.Path}; 'ipamctl pool edit {pool.Name} -f {file.Path}' takes it from there.");
    }

    private async Task<int> RunAsync(EditedFile file, Func<Pool, Task<int>> write, CancellationToken cancellationToken)
    {
        var given = Help + PoolDocument.Of(pool);
        string? mistake = null;
        for (; ; )
        {
            var text = await file.EditAsync(given, cancellationToken);
            if (string.IsNullOrWhiteSpace(text))
                return environment.Fail("not changed: the file was emptied.", ExitCode.Refused);
            if (WithoutMistake(text) == WithoutMistake(given))
                return mistake is null ? environment.Done($"pool {pool.Name} stays as it is") : environment.Fail(mistake, ExitCode.Usage);
            if (TryRead(text, out mistake) is { } changed)
                return await write(changed);
            if (environment.ReadAnswer is null)
                return environment.Fail(mistake, ExitCode.Usage);
            given = $"{MistakeMark}{mistake.ReplaceLineEndings(" ")}\n{WithoutMistake(text)}";
        }
    }

    private Pool? TryRead(string text, out string mistake)
    {
        try
        {
            mistake = "";
            return PoolDocument.Read(text, pool.Name);
        }
        catch (UsageException e)
        {
            mistake = e.Message;
            return null;
        }
    }

    private static string WithoutMistake(string text) =>
        text.StartsWith(MistakeMark, StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text;
}
