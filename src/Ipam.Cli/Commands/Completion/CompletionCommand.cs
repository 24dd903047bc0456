using System.CommandLine;
using Ipam.Cli.Terminal;
using Ipam.Cli.Verbs;

namespace Ipam.Cli.Commands.Completion;

/// <summary><c>ipamctl completion</c>.</summary>
internal sealed class CompletionCommand : Verb
{
    // Each asks ipamctl itself, which answers a line that begins with [suggest:POSITION].
    private const string Bash = """
        # Completes ipamctl in bash: source <(ipamctl completion bash)
        _ipamctl() {
            local IFS=$'\n'
            local word="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=()
            local suggestion
            while read -r suggestion; do
                [[ "$suggestion" == "$word"* && -n "$suggestion" ]] && COMPREPLY+=("$suggestion")
            done < <(ipamctl "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -F _ipamctl ipamctl
        """;

    private const string Zsh = """
        #compdef ipamctl
        # Completes ipamctl in zsh: source <(ipamctl completion zsh), after compinit
        _ipamctl() {
            local -a suggestions
            suggestions=("${(@f)$(ipamctl "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a suggestions
        }
        # From a folder of zsh's own, it is called by the name of its file, to complete at once.
        if [[ "${funcstack[1]}" == _ipamctl ]]; then _ipamctl "$@"; else compdef _ipamctl ipamctl; fi
        """;

    private const string Fish = """
        # Completes ipamctl in fish: ipamctl completion fish | source
        complete -c ipamctl -f -a '(ipamctl "[suggest:"(string length -- (commandline -cp))"]" (commandline -p) 2>/dev/null)'
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    private readonly CliEnvironment _environment;
    private readonly Argument<string> _shell = new("SHELL") { Description = $"{string.Join(", ", Scripts.Keys)}." };

    public CompletionCommand(CliEnvironment environment)
        : base("completion", "Prints what makes a shell complete commands, options, and names that the store has.")
    {
        _environment = environment;
        _shell.CompletionSources.Add([.. Scripts.Keys]);
        _shell.Validators.Add(static result =>
        {
            if (!Scripts.ContainsKey(result.Tokens[0].Value))
                result.AddError($"'{result.Tokens[0].Value}' is no shell that is known here; known are: {string.Join(", ", Scripts.Keys)}.");
        });
        Add(_shell);
    }

    public override IReadOnlyList<string> Examples => ["ipamctl completion bash > /etc/bash_completion.d/ipamctl", "ipamctl completion fish | source"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var output = new StreamWriter(_environment.Output, leaveOpen: true);
        await output.WriteLineAsync(Scripts[arguments.GetRequiredValue(_shell)]);
        return ExitCode.Ok;
    }
}
