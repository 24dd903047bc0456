using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ipam.Cli.Output;

/// <summary>Prints a YAML sequence, mapping by mapping. Text is always quoted: none is taken for a number, a time or a truth.</summary>
internal sealed class YamlListWriter<T> : IListWriter<T>, IFieldWriter
{
    private readonly View<T> _view;
    private readonly TextWriter _output;
    private readonly Emitter _yaml;

    public YamlListWriter(View<T> view, TextWriter output)
    {
        _view = view;
        _output = output;
        _yaml = new Emitter(new SafeWriter(output));
        _yaml.Emit(new StreamStart());
        _yaml.Emit(new DocumentStart(null, null, isImplicit: true));
        _yaml.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
    }

    public void Add(T item) => Mapping(fields => _view.WriteFields(item, fields));

    public void Complete()
    {
        _yaml.Emit(new SequenceEnd());
        _yaml.Emit(new DocumentEnd(isImplicit: true));
        _yaml.Emit(new StreamEnd());
        _output.Flush();
    }

    public void Text(string key, string? value)
    {
        Key(key);
        if (value is null)
            Plain("null");
        else
            Quoted(value);
    }

    public void Number(string key, long value) => Plain(key, value.ToString(CultureInfo.InvariantCulture));

    public void Number(string key, UInt128 value) => Plain(key, value.ToString(CultureInfo.InvariantCulture));

    public void Flag(string key, bool value) => Plain(key, value ? "true" : "false");

    public void Texts(string key, IEnumerable<string> values) => Sequence(key, values, Quoted);

    public void Map(string key, IReadOnlyDictionary<string, string> values)
    {
        Key(key);
        _yaml.Emit(new MappingStart());
        foreach (var (name, value) in values)
        {
            Quoted(name);
            Quoted(value);
        }
        _yaml.Emit(new MappingEnd());
    }

    public void Object(string key, Action<IFieldWriter> write)
    {
        Key(key);
        Mapping(write);
    }

    public void Objects<TItem>(string key, IEnumerable<TItem> items, Action<TItem, IFieldWriter> write) =>
        Sequence(key, items, item => Mapping(fields => write(item, fields)));

    private void Sequence<TItem>(string key, IEnumerable<TItem> items, Action<TItem> write)
    {
        Key(key);
        _yaml.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
        foreach (var item in items)
            write(item);
        _yaml.Emit(new SequenceEnd());
    }

    private void Mapping(Action<IFieldWriter> write)
    {
        _yaml.Emit(new MappingStart());
        write(this);
        _yaml.Emit(new MappingEnd());
    }

    private void Plain(string key, string value)
    {
        Key(key);
        Plain(value);
    }

    private void Key(string key) => _yaml.Emit(new Scalar(key));

    private void Plain(string value) => Emit(value, ScalarStyle.Plain);

    private void Quoted(string value) => Emit(value, ScalarStyle.DoubleQuoted);

    private void Emit(string value, ScalarStyle style) =>
        _yaml.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, style, isPlainImplicit: true, isQuotedImplicit: true));
}
