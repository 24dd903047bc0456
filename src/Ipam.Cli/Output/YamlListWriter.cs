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
        _yaml = new Emitter(output);
        _yaml.Emit(new StreamStart());
        _yaml.Emit(new DocumentStart(null, null, isImplicit: true));
        _yaml.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
    }

    public void Add(T item)
    {
        _yaml.Emit(new MappingStart());
        _view.WriteFields(item, this);
        _yaml.Emit(new MappingEnd());
    }

    public void Complete()
    {
        _yaml.Emit(new SequenceEnd());
        _yaml.Emit(new DocumentEnd(isImplicit: true));
        _yaml.Emit(new StreamEnd());
        _output.Flush();
    }

    public void Text(string key, string? value) => Emit(key, value ?? "null", value is null ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted);

    public void Number(string key, long value) => Emit(key, value.ToString(CultureInfo.InvariantCulture), ScalarStyle.Plain);

    private void Emit(string key, string value, ScalarStyle style)
    {
        _yaml.Emit(new Scalar(key));
        _yaml.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, style, isPlainImplicit: true, isQuotedImplicit: true));
    }
}
