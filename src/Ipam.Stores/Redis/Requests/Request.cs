using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipam.Stores.Redis.Scripts;
using StackExchange.Redis;

namespace Ipam.Stores.Redis.Requests;

/// <summary>
/// One command with its arguments, which are written into memory that is lent. Keys come first, then values; a value is either added whole
/// or written piece by piece and ended. For one user at a time, who disposes it.
/// </summary>
internal sealed class Request : IBufferWriter<byte>, IDisposable
{
    private const int ItemsAtFirst = 32;
    private const int BytesAtFirst = 2048;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private RedisKeyOrValue[] _items = ArrayPool<RedisKeyOrValue>.Shared.Rent(ItemsAtFirst);
    private int _count;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(BytesAtFirst);
    private List<byte[]>? _fullBytes;
    private int _valueStart;
    private int _valueEnd;
    private Utf8JsonWriter? _json;

    private Request(string command, RedisKey route, Script? script) => (Command, Route, Script) = (command, route, script);

    /// <summary>The command's name.</summary>
    public string Command { get; private set; }

    /// <summary>A key of the slot that the command works on; GET of it does no harm, whatever it holds.</summary>
    public RedisKey Route { get; }

    /// <summary>The script that it runs, if it runs one.</summary>
    public Script? Script { get; }

    /// <summary>The arguments.</summary>
    public ReadOnlyMemory<RedisKeyOrValue> Arguments => _items.AsMemory(0, _count);

    /// <summary>The arguments in memory of their own.</summary>
    public object[] ToObjects() => Array.ConvertAll(_items[.._count], static item => item.IsKey ? (object)item.Key : (byte[])item.Value!);

    /// <summary>A command on a key.</summary>
    public static Request Of(string command, RedisKey key, params ReadOnlySpan<RedisValue> values)
    {
        var request = new Request(command, key, null);
        request.Append(key);
        foreach (var value in values)
            request.Append(value);
        return request;
    }

    /// <summary>A command that works on no key, sent where one is.</summary>
    public static Request Without(RedisKey route, string command, params ReadOnlySpan<RedisValue> values)
    {
        var request = new Request(command, route, null);
        foreach (var value in values)
            request.Append(value);
        return request;
    }

    /// <summary>A script with all keys that it works on; they are of one slot.</summary>
    public static Request Of(Script script, params ReadOnlySpan<RedisKey> keys)
    {
        var request = new Request("EVALSHA", keys[0], script);
        request.Append((RedisValue)script.Sha);
        request.Append((RedisValue)keys.Length);
        foreach (var key in keys)
            request.Append(key);
        return request;
    }

    /// <summary>Sends the script's text from now on; false if that was so before, or there is no script.</summary>
    public bool TryUseText()
    {
        if (Script is null || Command == "EVAL")
            return false;
        Command = "EVAL";
        _items[0] = (RedisValue)Script.Text;
        return true;
    }

    /// <summary>Adds a value.</summary>
    public void Add(RedisValue value) => Append(value);

    /// <summary>Writes a piece of a value.</summary>
    public void Write(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        _valueEnd += utf8.Length;
    }

    /// <summary>Writes a number as a piece of a value: decimal, or in the format given.</summary>
    public void Write<T>(T number, string? format = null) where T : IUtf8SpanFormattable
    {
        const int longest = 32;
        if (!number.TryFormat(GetSpan(longest), out var written, format, CultureInfo.InvariantCulture))
            throw new ArgumentException($"'{number}' takes more than {longest} bytes", nameof(number));
        _valueEnd += written;
    }

    /// <summary>Writes a JSON list as a piece of a value. Returns what <paramref name="write"/> does.</summary>
    public TResult WriteList<T, TResult>(T from, Func<Utf8JsonWriter, T, TResult> write)
    {
        if (_json is null)
            _json = new Utf8JsonWriter(this, Plain);
        else
            _json.Reset(this);
        _json.WriteStartArray();
        var result = write(_json, from);
        _json.WriteEndArray();
        _json.Flush();
        return result;
    }

    /// <summary>Adds the value that was written.</summary>
    public void End()
    {
        Append((RedisValue)new ReadOnlyMemory<byte>(_bytes, _valueStart, _valueEnd - _valueStart));
        _valueStart = _valueEnd;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _valueEnd < Math.Max(1, sizeHint))
            Grow(sizeHint);
        return _bytes.AsMemory(_valueEnd);
    }

    /// <inheritdoc/>
    public void Advance(int count) => _valueEnd += count;

    /// <summary>Gives the memory back; once more does no harm.</summary>
    public void Dispose()
    {
        _items.AsSpan(0, _count).Clear();
        ArrayPool<RedisKeyOrValue>.Shared.Return(_items);
        ArrayPool<byte>.Shared.Return(_bytes);
        _fullBytes?.ForEach(static bytes => ArrayPool<byte>.Shared.Return(bytes));
        (_items, _bytes, _fullBytes, _count) = ([], [], null, 0);
    }

    // Values stay where they were written, as arguments point there; only the one that isn't ended moves.
    private void Grow(int sizeHint)
    {
        var begun = _bytes.AsSpan(_valueStart.._valueEnd);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, begun.Length + sizeHint));
        begun.CopyTo(larger);
        (_fullBytes ??= []).Add(_bytes);
        (_bytes, _valueStart, _valueEnd) = (larger, 0, begun.Length);
    }

    private void Append(RedisKeyOrValue item)
    {
        if (_count == _items.Length)
        {
            var larger = ArrayPool<RedisKeyOrValue>.Shared.Rent(2 * _count);
            _items.CopyTo(larger, 0);
            _items.AsSpan().Clear();
            ArrayPool<RedisKeyOrValue>.Shared.Return(_items);
            _items = larger;
        }
        _items[_count++] = item;
    }
}
