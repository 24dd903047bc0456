using System.Collections.Concurrent;
using System.Diagnostics;

namespace Testing.Servers;

/// <summary>A redis-server of a test's own, on a free port of 127.0.0.1, with its data in a folder of its own.</summary>
public sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly List<string> _arguments;
    private readonly string _readyLine;
    private readonly string[] _login;
    private Process? _process;

    /// <summary>A server that isn't started yet; the arguments come after those that make it durable.</summary>
    public RedisServer(params string[] arguments)
    {
        _readyLine = "Ready to accept connections";
        _login = Array.IndexOf(arguments, "--requirepass") is >= 0 and var at ? ["--no-auth-warning", "-a", arguments[at + 1]] : [];
        _arguments =
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--appendonly", "yes", "--appendfsync", "always", "--save", "",
            "--daemonize", "no", "--repl-diskless-sync-delay", "0", .. arguments,
        ];
    }

    /// <summary>A Sentinel, not started yet, that watches a server under a name.</summary>
    /// <param name="watched">The server.</param>
    /// <param name="name">The name.</param>
    /// <param name="lines">More lines of its configuration.</param>
    public RedisServer(RedisServer watched, string name, params string[] lines)
    {
        _readyLine = "# +monitor";
        _login = [];
        _folder.Write("sentinel.conf", $"""
            port {Port}
            bind 127.0.0.1
            sentinel monitor {name} 127.0.0.1 {watched.Port} 1
            sentinel down-after-milliseconds {name} 500
            {string.Join('\n', lines)}
            """);
        _arguments = [_folder.Combine("sentinel.conf"), "--sentinel"];
    }

    /// <summary>Its port.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Whether it was started, and not killed since.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>A server that takes connections.</summary>
    public static async Task<RedisServer> StartNewAsync(params string[] arguments)
    {
        var server = new RedisServer(arguments);
        await server.StartAsync();
        return server;
    }

    /// <summary>Lets it speak TLS on its port, and nothing else.</summary>
    public void UseTlsOnly()
    {
        _arguments[_arguments.IndexOf("--port")] = "--tls-port";
        _arguments.AddRange(["--port", "0"]);
    }

    /// <summary>Starts it; returns when it has read its data and takes connections.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true };
        _arguments.ForEach(start.ArgumentList.Add);
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server didn't start");
        var said = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (line.Data is null || line.Data.Contains(_readyLine, StringComparison.Ordinal))
                ready.TrySetResult(line.Data is not null);
        };
        _process.BeginOutputReadLine();
        if (!await ready.Task.WaitAsync(Patience))
            throw new InvalidOperationException($"redis-server ended:\n{string.Join('\n', said)}");
    }

    /// <summary>Ends it where it stands (SIGKILL).</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Copies the files that hold its data, which are whole after each command.</summary>
    public void CopyData(string to) => Command.Run("cp", "-a", $"{_folder.Path}/.", to);

    /// <summary>Replaces the files that hold its data while it isn't running.</summary>
    public void ReplaceData(string from)
    {
        Directory.Delete(_folder.Path, recursive: true);
        Command.Run("cp", "-a", from, _folder.Path);
    }

    /// <summary>Sends it a signal by name, such as STOP or CONT.</summary>
    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{_process!.Id}");

    /// <summary>Gives it a command by redis-cli, and returns what that prints.</summary>
    public string Tell(params string[] command) => Command.TryRun("redis-cli", [.. _login, "-p", $"{Port}", .. command]).Stdout.TrimEnd();

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process?.Dispose();
        _folder.Dispose();
    }
}
