using System.CommandLine;
using Ipam.Cli.Options;
using Ipam.Cli.Output;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;
using Ipam.Configuration.Explanations;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli.Commands.Explanations;

/// <summary><c>ipamctl explain</c>.</summary>
internal sealed class ExplainCommand : Verb
{
    private readonly CliEnvironment _environment;
    private readonly StoreOptions _store;
    private readonly ExplainOptions _options = new();
    private readonly OutputOption _output = new(OutputFormat.Text, OutputFormat.Json, OutputFormat.Yaml);

    public ExplainCommand(CliEnvironment environment, StoreOptions store)
        : base("explain", "Says why a pod or a container has its address, or gets none: which ranges ipamd tries, and why each is used or not.")
    {
        _environment = environment;
        _store = store;
        _options.AddTo(this);
        Add(_output);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "ipamctl explain --pod shop/web-0",
        "ipamctl explain --pod shop/web-0 --config /etc/cni/net.d/10-pods.conflist --node worker-3",
        "ipamctl explain --container 03be5c6aa12f0 -o yaml",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (pod, container, node) = (_options.Pod(arguments), _options.Container(arguments), _options.Node(arguments));
        var files = _options.Files(arguments);
        var labels = _options.Labels(arguments);
        await using var store = await _store.OpenAsync(arguments, cancellationToken);
        var finder = new SubjectFinder(store);
        var subject = new Subject("", null, "", node ?? "", []);
        if (pod is not null)
        {
            if (await finder.PodAsync(pod, node, cancellationToken) is not { } found)
                return _environment.Fail($"there is no pod '{pod}' in the cluster of {store.Description}, and it holds no address; 'kubectl get pods -A' shows those that there are.", ExitCode.NotFound);
            subject = found;
        }
        else if (container is not null)
        {
            var found = await finder.ContainersAsync(container, node, cancellationToken);
            if (found.Count == 0)
                return _environment.Fail($"no container whose id begins with '{container}' holds an address in {store.Description}; name its pod by --pod, or 'ipamctl lease list' shows who does.", ExitCode.NotFound);
            if (found.Count > 1)
                return _environment.Fail($"the ids of {found.Count} containers begin with '{container}': {FewOf.These([.. found.Select(static one => one.Container)])}. Give more of it.", ExitCode.Refused);
            subject = found[0];
        }
        var explainer = new Explainer(store, subject, labels, _environment.Time);
        foreach (var note in finder.Notes)
            _environment.Note(note);
        Explanation explanation;
        try
        {
            explanation = await explainer.ExplainAsync(files, cancellationToken);
        }
        catch (UnknownNodeException e)
        {
            throw new UsageException(e.Message);
        }
        Print(explanation, _output.Of(arguments));
        foreach (var note in explainer.Notes)
            _environment.Note(note);
        var damaged = _environment.Shown(finder.Damaged.Concat(explainer.Damaged).Select(static block => block.Why));
        return explanation.IsRefused ? ExitCode.Found : damaged;
    }

    private void Print(Explanation explanation, OutputFormat format)
    {
        var writer = ListWriter.Create(format, ExplanationView.Of(explanation), _environment);
        writer.Add(explanation);
        writer.Complete();
        if (format != OutputFormat.Text || explanation.Rows.Count == 0)
            return;
        _environment.Output.Write("\n"u8);
        var table = ListWriter.Create(OutputFormat.Table, RangeRowView.Create(), _environment);
        foreach (var row in explanation.Rows)
            table.Add(row);
        table.Complete();
    }
}
