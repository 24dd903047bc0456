using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd.Monitoring;

/// <summary>A dashboard of deploy/grafana.</summary>
internal sealed partial class Dashboard
{
    private readonly JsonElement _root;

    private Dashboard(string path)
    {
        Name = Path.GetFileName(path);
        _root = Support.JsonText.Parse(File.ReadAllText(path));
    }

    public string Name { get; }

    public string Uid => _root.GetProperty("uid").GetString()!;

    /// <summary>What its panels show: the title of the panel and the expression, as Grafana would send it with all variables at "All".</summary>
    public IEnumerable<(string Panel, string Expression)> Expressions =>
        from panel in Panels
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, WithVariables(target.GetProperty("expr").GetString()!));

    /// <summary>Of each variable that is looked up, its name, the label that it lists, and an expression that has the label's values.</summary>
    public IEnumerable<(string Variable, string Label, string Expression)> Variables =>
        from variable in _root.GetProperty("templating").GetProperty("list").EnumerateArray()
        where variable.GetProperty("type").GetString() == "query"
        let look = LabelValues().Match(variable.GetProperty("query").GetProperty("query").GetString()!)
        select (variable.GetProperty("name").GetString()!, look.Groups["label"].Value, $"count by ({look.Groups["label"].Value}) ({WithVariables(look.Groups["series"].Value)})");

    /// <summary>The names of data sources that it is bound to: none but the one that is chosen.</summary>
    public IEnumerable<string> DataSources =>
        DataSource().Matches(_root.GetRawText()).Select(static match => match.Groups["uid"].Value).Distinct();

    private IEnumerable<JsonElement> Panels => _root.GetProperty("panels").EnumerateArray();

    public static IReadOnlyList<Dashboard> All() =>
        [.. Directory.GetFiles(RepositoryRoot.PathOf("deploy/grafana"), "*.json").Order(StringComparer.Ordinal).Select(static path => new Dashboard(path))];

    private static string WithVariables(string text) =>
        Variable().Replace(text, static match => match.Value == "$__rate_interval" ? "10s" : ".*");

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((?<series>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("""
        "datasource":\s*\{\s*"type":\s*"prometheus",\s*"uid":\s*"(?<uid>[^"]*)"
        """)]
    private static partial Regex DataSource();
}
