namespace Net.Plugin.Firewall.Iptables;

/// <summary>The nat table as iptables-save prints it.</summary>
internal sealed class NatRules
{
    private const string Append = "-A ";
    private const string JumpsFromPostrouting = "-A POSTROUTING ";

    private readonly List<string> _chains = [];
    private readonly List<string> _rules = [];

    public static NatRules Parse(string saved)
    {
        var rules = new NatRules();
        foreach (var line in saved.Split('\n'))
        {
            if (line.StartsWith(':'))
                rules._chains.Add(line[1..].Split(' ')[0]);
            else if (line.StartsWith(Append, StringComparison.Ordinal))
                rules._rules.Add(line.TrimEnd());
        }
        return rules;
    }

    public bool HasChain(string name) => _chains.Contains(name);

    /// <summary>Names of the chains that have a rule with such a comment.</summary>
    public HashSet<string> ChainsWithComment(Func<string, bool> condition)
    {
        var names = new HashSet<string>();
        foreach (var rule in _rules)
        {
            if (CommentOf(rule) is { } comment && condition(comment))
                names.Add(rule.Split(' ')[1]);
        }
        names.Remove("POSTROUTING");
        return names;
    }

    /// <summary>The rules of the chain, each after <c>-A CHAIN</c>.</summary>
    public IEnumerable<string> RulesOf(string chain)
    {
        var start = $"{Append}{chain} ";
        return _rules.Where(rule => rule.StartsWith(start, StringComparison.Ordinal)).Map(rule => rule[start.Length..]);
    }

    /// <summary>The rules of the base chain that lead to the chain, each after <c>-A POSTROUTING</c>.</summary>
    public IEnumerable<string> JumpsTo(string chain) =>
        _rules.Where(rule => rule.StartsWith(JumpsFromPostrouting, StringComparison.Ordinal) && rule.EndsWith($" -j {chain}", StringComparison.Ordinal))
            .Map(rule => rule[JumpsFromPostrouting.Length..]);

    // iptables-save quotes a comment that has spaces, as all of those looked for here have.
    private static string? CommentOf(string rule)
    {
        const string Option = "--comment \"";
        var start = rule.IndexOf(Option, StringComparison.Ordinal);
        if (start < 0)
            return null;
        start += Option.Length;
        var end = rule.IndexOf('"', start);
        return end < 0 ? null : rule[start..end];
    }
}
