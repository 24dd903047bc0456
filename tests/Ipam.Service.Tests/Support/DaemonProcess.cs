using System.Diagnostics;

namespace Ipam.Service.Tests.Support;

/// <summary>ipamd as a process of its own.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private readonly List<(string Part, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly Task<string> _output;

    private DaemonProcess(ProcessStartInfo start)
    {
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The lines on stderr so far.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_lock)
                return [.. _log];
        }
    }

    public static DaemonProcess Launch(params string[] arguments) => Launch(arguments, []);

    public static DaemonProcess Launch(string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ipamd.dll"), .. arguments]);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new DaemonProcess(start);
    }

    /// <summary>On a folder of its own, with the standard names in it.</summary>
    public static DaemonProcess LaunchIn(TempFolder folder, params string[] more) => Launch(
    [
        "--store", $"sqlite:{folder.Combine("ipam.db")}", "--socket", folder.Combine("run/ipamd.sock"), "--spool", folder.Combine("spool"), "--node", "here",
        .. more,
    ]);

    /// <summary>The first line of the log, also of the past, that holds a text.</summary>
    public async Task<string> UntilLoggedAsync(string part)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_log.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
                return line;
            _waiting.Add((part, found));
        }
        return await found.Task.WaitAsync(Patience);
    }

    public void Signal(string name) => Command.Run("kill", $"-{name}", $"{_process.Id}");

    /// <summary>Waits for its end: its exit code, and what it wrote on stdout and on stderr.</summary>
    public async Task<(int Code, string Output, string Error)> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, string.Join('\n', Log));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await ExitAsync();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _log.Add(line);
            foreach (var (part, found) in _waiting)
            {
                if (line.Contains(part, StringComparison.Ordinal))
                    found.TrySetResult(line);
            }
        }
    }
}
