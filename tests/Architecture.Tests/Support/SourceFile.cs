using System.Text.RegularExpressions;

namespace Architecture.Tests.Support;

/// <summary>A C# file.</summary>
/// <param name="Path">Its path from the repository's root.</param>
/// <param name="Text">What is in it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The text without comments; a line keeps its place.</summary>
    public string Code { get; init; } = Regex.Replace(Text, @"(?<!:)//.*|/\*[\s\S]*?\*/", "");

    /// <summary>The same file, whose comments count as code.</summary>
    public SourceFile WithComments => this with { Code = Text };

    public int Lines => Text.Count(static c => c == '\n');

    /// <summary>Whether the code, comments aside, has a match.</summary>
    public bool Uses(string pattern) => Regex.IsMatch(Code, pattern);

    /// <summary>For messages.</summary>
    public override string ToString() => Path;
}
