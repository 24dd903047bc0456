using System.Globalization;
using System.Text.RegularExpressions;

namespace Ipam.Service.Tests.Support;

/// <summary>
/// A strict reader of Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): what it takes, any scraper takes.
/// </summary>
internal sealed partial class PrometheusPage
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, double> _samples = [];
    private string _family = "";

    private PrometheusPage()
    {
    }

    /// <summary>Type by metric.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Value by name with labels, as written.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    public double this[string sample] => _samples[sample];

    public static PrometheusPage Parse(string text)
    {
        var page = new PrometheusPage();
        Assert.True(text.EndsWith('\n'), "the last line must end in a line feed");
        foreach (var line in text.Split('\n')[..^1])
            page.Add(line);
        foreach (var histogram in page._types.Where(static type => type.Value == "histogram"))
            page.CheckHistogram(histogram.Key);
        return page;
    }

    private void Add(string line)
    {
        if (Help().Match(line) is { Success: true } help)
        {
            _family = help.Groups["name"].Value;
            Assert.False(_types.ContainsKey(_family), $"{_family} comes twice");
        }
        else if (Type().Match(line) is { Success: true } type)
        {
            Assert.Equal(_family, type.Groups["name"].Value);
            Assert.True(_types.TryAdd(_family, type.Groups["type"].Value), $"a second TYPE of {_family}");
        }
        else
        {
            AddSample(line);
        }
    }

    private void AddSample(string line)
    {
        var sample = Sample().Match(line);
        Assert.True(sample.Success, $"not a line of the format: {line}");
        Assert.True(_types.TryGetValue(_family, out var type), $"no TYPE before {line}");
        var name = sample.Groups["name"].Value;
        string[] names = type == "histogram" ? [$"{_family}_bucket", $"{_family}_sum", $"{_family}_count"] : [_family];
        Assert.Contains(name, names);
        var labels = sample.Groups["label"].Captures.Select(static label => label.Value).ToList();
        Assert.Equal(labels.Distinct(), labels);
        Assert.True(
            _samples.TryAdd(name + sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)),
            $"a second sample of {line}");
    }

    /// <summary>Per set of labels: buckets that never shrink, the last of them +Inf and equal to the count.</summary>
    private void CheckHistogram(string name)
    {
        var buckets = new Dictionary<string, List<(string Bound, double Value)>>();
        foreach (var (sample, value) in _samples)
        {
            if (Bucket().Match(sample) is { Success: true } bucket && bucket.Groups["name"].Value == name)
                (buckets.TryGetValue(bucket.Groups["labels"].Value, out var list) ? list : buckets[bucket.Groups["labels"].Value] = []).Add((bucket.Groups["le"].Value, value));
        }
        foreach (var (labels, list) in buckets)
        {
            var others = labels.Length > 0 ? $"{{{labels.TrimEnd(',')}}}" : "";
            Assert.Equal("+Inf", list[^1].Bound);
            Assert.Equal(list[^1].Value, this[$"{name}_count{others}"]);
            Assert.True(_samples.ContainsKey($"{name}_sum{others}"), $"{name}{others} has no sum");
            Assert.Equal(list.Select(static b => b.Value).Order(), list.Select(static b => b.Value));
            var bounds = list[..^1].ConvertAll(static b => double.Parse(b.Bound, CultureInfo.InvariantCulture));
            Assert.Equal(bounds.Order().Distinct(), bounds);
        }
    }

    [GeneratedRegex("""^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>(\\\\|\\n|[^\\])+)$""")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(\\\\|\\"|\\n|[^\\"\n])*",?)+(?<!,)\})? (?<value>[-+]?(\d+(\.\d+)?([eE][-+]?\d+)?|Inf)|NaN)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""^(?<name>.*)_bucket\{(?<labels>(?:[a-zA-Z_]+="(?:\\.|[^\\"])*",)*)le="(?<le>[^"]*)"\}$""")]
    private static partial Regex Bucket();
}
