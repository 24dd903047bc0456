using System.Diagnostics;
using System.Threading.Channels;

namespace EndToEnd.Support;

/// <summary>What a service writes, line by line; kept in a file for whoever looks into a failure. One waiter at a time.</summary>
internal sealed class ProcessLog
{
    private static int _number;

    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();
    private readonly List<LogLine> _lines = [];
    private readonly string _path = Path.Combine(Repository.LogFolder, $"ipamd-{Interlocked.Increment(ref _number):000}.log");
    private int _open = 2;

    public ProcessLog(Process process)
    {
        File.WriteAllText(_path, "");
        process.OutputDataReceived += (_, e) => Received(e.Data);
        process.ErrorDataReceived += (_, e) => Received(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All there is by now.</summary>
    public string Text
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines.Select(static line => line.Text));
        }
    }

    /// <summary>The lines there are by now, without the first few.</summary>
    public IReadOnlyList<LogLine> LinesFrom(int first)
    {
        lock (_lines)
            return _lines[first..];
    }

    /// <summary>Waits for a line that was not there when waiting last ended.</summary>
    public Task<string> WaitForAsync(string part, TimeSpan? patience = null) =>
        WaitForAsync(line => line.Contains(part, StringComparison.Ordinal), $"a line with '{part}'", patience);

    /// <summary>Waits for a line. Fails when the process ends before it has written one.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> isIt, string what, TimeSpan? patience = null)
    {
        var longest = patience ?? Command.DefaultPatience;
        using var limit = new CancellationTokenSource(longest);
        try
        {
            await foreach (var line in _news.Reader.ReadAllAsync(limit.Token))
            {
                if (isIt(line))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{what} did not come within {longest.TotalSeconds} s; log, also in {_path}:\n{Text}");
        }
        Assert.Fail($"the process ended before it wrote {what}; log:\n{Text}");
        return "";
    }

    /// <summary>Waits until something is so; looks again whenever a line with this part is written.</summary>
    public async Task WaitUntilAsync(Func<bool> isSo, string part)
    {
        while (!isSo())
            await WaitForAsync(part);
    }

    private void Received(string? line)
    {
        lock (_lines)
        {
            if (line is null)
            {
                if (--_open == 0)
                    _news.Writer.Complete();
                return;
            }
            _lines.Add(new LogLine(Stopwatch.GetTimestamp(), line));
            File.AppendAllText(_path, line + '\n');
            _news.Writer.TryWrite(line);
        }
    }
}

/// <summary>A line of a log.</summary>
/// <param name="At">When it came: a timestamp.</param>
/// <param name="Text">The line.</param>
internal readonly record struct LogLine(long At, string Text);
