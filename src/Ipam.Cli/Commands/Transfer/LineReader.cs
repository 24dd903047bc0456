namespace Ipam.Cli.Commands.Transfer;

/// <summary>Reads a stream line by line. Memory grows with the longest line alone, which has a limit. Not thread-safe.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>Room for a pool of tens of thousands of ranges.</summary>
    public const int MostBytes = 4 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end; valid until the next call. Null after the last.</summary>
    /// <exception cref="FormatException">The line is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0 || (_isAtEnd && _end > _start))
            {
                var length = found >= 0 ? searched + found : _end - _start;
                var line = _buffer.AsMemory(_start, length);
                _start = Math.Min(_end, _start + length + 1);
                Number++;
                return line;
            }
            if (_isAtEnd)
                return null;
            searched = _end - _start;
            if (searched > MostBytes)
                throw new FormatException($"line {Number + 1} has more than {MostBytes} bytes, which no line of an export has");
            await FillAsync(cancellationToken);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var pending = _end - _start;
        if (pending == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        else if (_start > 0)
            Array.Copy(_buffer, _start, _buffer, 0, pending);
        if (_start > 0)
            (_start, _end) = (0, pending);
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        _isAtEnd = count == 0;
    }
}
