using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EndToEnd.Support;

namespace EndToEnd.Kubernetes;

/// <summary>deploy/helm renders what deploy/kubernetes has, and what its values say.</summary>
public sealed class ChartTests(ChartTests.Renderer renderer) : IClassFixture<ChartTests.Renderer>
{
    private const string Chart = "deploy/helm/ipamsuite";

    /// <summary>Helm makes the namespace, and installs the definitions in a step of its own.</summary>
    private static readonly string[] NotInChart = ["Namespace", "CustomResourceDefinition"];

    [RequiresGoFact]
    public void It_renders_the_objects_of_the_base()
    {
        var expected = renderer.Read(Command.Run("kubectl", "kustomize", RepositoryRoot.PathOf("deploy/kubernetes"))).Where(static item => !NotInChart.Contains(Kind(item)));
        Assert.Equal(expected.Order(StringComparer.Ordinal), renderer.Render("").Order(StringComparer.Ordinal));
    }

    [RequiresGoFact]
    public void With_all_of_monitoring_it_renders_the_objects_of_the_components()
    {
        using var overlay = new TempFolder();
        overlay.Write("kustomization.yaml", $$"""
            resources: [{{Relative("kubernetes")}}]
            components: [{{Relative("kubernetes/components/monitoring")}}, {{Relative("grafana")}}]
            """);
        var expected = renderer.Read(Command.Run("kubectl", "kustomize", overlay.Path)).Where(static item => !NotInChart.Contains(Kind(item)));
        var rendered = renderer.Render("{ podMonitor: { enabled: true }, prometheusRule: { enabled: true }, grafanaDashboard: { enabled: true } }");
        Assert.Contains(rendered, static item => item.Contains("\"grafana_dashboard\":\"1\"", StringComparison.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), rendered.Order(StringComparer.Ordinal));

        string Relative(string name) => Path.GetRelativePath(overlay.Path, RepositoryRoot.PathOf($"deploy/{name}"));
    }

    [RequiresGoFact]
    public void Values_reach_the_objects()
    {
        var objects = renderer.Render($$"""
            image: { digest: "sha256:{{new string('a', 64)}}", pullPolicy: Always }
            global: { imageRegistry: registry.example }
            imagePullSecrets: [{ name: key }]
            metrics: { port: 9999 }
            cni: { binDir: /srv/bin, conflist: '{ "name": "x" }', confName: 05-x.conflist }
            node: { extraArgs: ["--gc-grace=60"], podAnnotations: { a: b }, podLabels: { c: d } }
            controller: { replicas: 3, podDisruptionBudget: { enabled: false } }
            gc: { enabled: false }
            web: { ingress: { enabled: true, className: nginx, host: ipam.example, tlsSecret: ipam-tls } }
            podMonitor: { enabled: true, labels: { release: prometheus } }
            prometheusRule: { enabled: true }
            """, "elsewhere");
        var kinds = objects.ToLookup(Kind);
        Assert.Empty(kinds["CronJob"]);
        Assert.Empty(kinds["PodDisruptionBudget"]);
        Assert.Contains("\"release\":\"prometheus\"", Assert.Single(kinds["PodMonitor"]), StringComparison.Ordinal);
        Assert.Contains("{{ $labels.node }}", Assert.Single(kinds["PrometheusRule"]), StringComparison.Ordinal);
        Assert.Contains("\"05-x.conflist\":\"{ \\\"name\\\": \\\"x\\\" }\"", Assert.Single(kinds["ConfigMap"]), StringComparison.Ordinal);
        Assert.Contains("\"replicas\":3", kinds["Deployment"].Single(static item => item.Contains("\"name\":\"ipam-controller\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("\"containerPort\":9180", kinds["Deployment"].Single(static item => item.Contains("\"name\":\"ipam-web\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("\"secretName\":\"ipam-tls\"", Assert.Single(kinds["Ingress"]), StringComparison.Ordinal);
        Assert.All(kinds["Role"], static role => Assert.Equal("elsewhere", JsonText.Parse(role).GetProperty("metadata").GetProperty("namespace").GetString()));
        Assert.All(kinds["ServiceAccount"], static account => Assert.Contains("\"namespace\":\"elsewhere\"", account, StringComparison.Ordinal));

        var template = JsonText.Parse(Assert.Single(kinds["DaemonSet"])).GetProperty("spec").GetProperty("template");
        Assert.Equal(("b", "d"), (Text(template, "annotations", "a"), Text(template, "labels", "c")));
        var pod = template.GetProperty("spec");
        Assert.Equal(["ipamd", "conflist"], pod.GetProperty("containers").EnumerateArray().Select(static container => container.GetProperty("name").GetString()));
        var ipamd = pod.GetProperty("containers")[0];
        Assert.Equal($"registry.example/ipamsuite/ipamsuite@sha256:{new string('a', 64)}", ipamd.GetProperty("image").GetString());
        Assert.Equal((9999, ":9999"), (ipamd.GetProperty("ports")[0].GetProperty("containerPort").GetInt32(), ipamd.GetProperty("env")[1].GetProperty("value").GetString()));
        Assert.EndsWith("\"--gc-grace=60\"]", ipamd.GetProperty("args").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"--bin-dir\",\"/srv/bin\"", pod.GetProperty("initContainers")[0].GetProperty("args").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("/etc/ipam/conflist/05-x.conflist", pod.GetProperty("containers")[1].GetProperty("args").GetRawText(), StringComparison.Ordinal);
    }

    [RequiresGoFact]
    public void The_schema_knows_just_the_values_that_there_are()
    {
        var values = JsonNode.Parse(Assert.Single(renderer.Read(RepositoryRoot.Read($"{Chart}/values.yaml"))))!;
        var schema = JsonNode.Parse(RepositoryRoot.Read($"{Chart}/values.schema.json"))!;
        var known = SchemaPaths(schema, "").ToHashSet();
        var there = Walk(values, "").ToHashSet();

        Assert.Subset(there, known);
        // What is below a key of which the schema knows no properties is an object of Kubernetes' own, for it to judge.
        Assert.All(there.Except(known), path => Assert.Contains(known, key => path.StartsWith($"{key}/", StringComparison.Ordinal) && !known.Any(other => other.StartsWith($"{key}/", StringComparison.Ordinal))));
    }

    [RequiresGoFact]
    public void The_chart_has_the_version_of_the_programs()
    {
        var version = Command.Run(Repository.Ipamd, "--version").Trim().Split(' ')[1];
        var chart = JsonText.Parse(Assert.Single(renderer.Read(RepositoryRoot.Read($"{Chart}/Chart.yaml"))));
        Assert.Equal((version, version), (chart.GetProperty("version").GetString(), chart.GetProperty("appVersion").GetString()));
    }

    private static string Kind(string item) => JsonText.Parse(item).GetProperty("kind").GetString()!;

    private static string? Text(JsonElement template, string map, string key) => template.GetProperty("metadata").GetProperty(map).GetProperty(key).GetString();

    private static IEnumerable<string> Walk(JsonNode? node, string path) => node is JsonObject map
        ? map.SelectMany(pair => Walk(pair.Value, $"{path}/{pair.Key}").Prepend($"{path}/{pair.Key}"))
        : [];

    private static IEnumerable<string> SchemaPaths(JsonNode schema, string path) => schema["properties"] is JsonObject map
        ? map.SelectMany(pair => SchemaPaths(pair.Value!, $"{path}/{pair.Key}").Prepend($"{path}/{pair.Key}"))
        : [];

    /// <summary>The program that renders charts.</summary>
    public sealed class Renderer : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

        private readonly TempFolder _folder = new();

        public Renderer()
        {
            if (RequiresGoFactAttribute.WhatIsMissing is null)
                Run("go", "", "build", "-o", _folder.Combine("render"), RepositoryRoot.PathOf("tests/EndToEnd/Kubernetes/render.go"));
        }

        public void Dispose() => _folder.Dispose();

        internal string[] Render(string values, string space = "ipamsuite") =>
            Lines(Run(_folder.Combine("render"), "", "chart", RepositoryRoot.PathOf(Chart), space, _folder.Write("values.yaml", values)));

        internal string[] Read(string yaml) => Lines(Run(_folder.Combine("render"), yaml, "yaml"));

        private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        private string Run(string program, string stdin, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments);
            start.Environment["GO111MODULE"] = "off";
            start.Environment["GOPATH"] = RequiresGoFactAttribute.Libraries;
            start.Environment["GOCACHE"] = _folder.Combine("cache");
            var outcome = Command.Run(start, stdin, Patience);
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
            return outcome.Stdout;
        }
    }

    /// <summary>A test that renders the chart.</summary>
    private sealed class RequiresGoFactAttribute : FactAttribute
    {
        public const string Libraries = "/usr/share/gocode";

        public RequiresGoFactAttribute() => Skip = WhatIsMissing;

        public static string? WhatIsMissing => Requirements.WhatIsMissing("go", "kubectl")
            ?? (Directory.Exists($"{Libraries}/src/github.com/Masterminds/sprig") ? null : "needs sprig, of Debian's package golang-github-masterminds-sprig-dev");
    }
}
