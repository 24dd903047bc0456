using System.Text.RegularExpressions;
using Architecture.Tests.Support;

namespace Architecture.Tests;

/// <summary>Rules that every source file under src keeps.</summary>
public sealed partial class SourceRuleTests
{
    private const int MostLines = 350;
    private const int MostLinesOfSmallData = 30;
    private const int MostLinesOfSmallClass = 6;

    private static readonly IReadOnlyList<SourceFile> All = SourceTree.Files("src");

    [Fact]
    public void Native_code_is_called_in_the_interop_folder_of_net_ptp_and_in_the_file_that_opens_files_of_others() =>
        Offenders.EnsureNoFileUses(
            All.Where(static file => !file.Path.StartsWith("src/Net.Plugin/Interop/", StringComparison.Ordinal) && file.Path != "src/Shared/Files/UnixFile.cs"),
            @"\bunsafe\b|\bLibraryImport\b|\bDllImport\b|\bsetns\b|\bMarshal\.|\bNativeLibrary\b");

    [Fact]
    public void No_project_but_net_ptp_allows_unsafe_code() =>
        Offenders.EnsureNone(
            SourceTree.Projects.Where(static project => project != "Net.Plugin" && SourceTree.ProjectFile(project).Contains("AllowUnsafeBlocks", StringComparison.Ordinal)),
            "these projects allow unsafe code");

    [Fact]
    public void A_file_is_short() =>
        Offenders.EnsureNone(All.Where(static file => file.Lines > MostLines), $"these files have more than {MostLines} lines");

    /// <summary>A program's entry point declares none. What is as small as that has no reader but those of the type beside it.</summary>
    [Fact]
    public void A_file_has_the_name_of_its_type_and_beside_it_only_small_data()
    {
        foreach (var file in All.Where(static file => Path.GetFileName(file.Path) != "Program.cs"))
        {
            var types = TopLevelType().Matches(file.Code);
            var fileName = Path.GetFileNameWithoutExtension(file.Path);
            var named = types.Where(type => fileName == type.Groups["name"].Value || fileName.StartsWith($"{type.Groups["name"].Value}.", StringComparison.Ordinal)).ToList();
            Assert.True(named.Count == 1, $"{file} declares {string.Join(", ", types.Select(static type => type.Groups["name"].Value))}");
            foreach (var type in types.Except(named))
            {
                var lines = file.Code[type.Index..(types.FirstOrDefault(next => next.Index > type.Index)?.Index ?? file.Code.Length)].Count(static c => c == '\n');
                Assert.True(
                    lines <= (type.Groups["kind"].Value == "class" ? MostLinesOfSmallClass : MostLinesOfSmallData),
                    $"{file} declares {type.Groups["name"].Value} beside its own type: give it a file of its own");
            }
        }
    }

    /// <summary>One of the kernel's ends when the kernel says so.</summary>
    [Fact]
    public void A_file_is_read_within_a_limit() =>
        Offenders.EnsureNoFileUses(
            All.Where(static file => file.Path != "src/Cni.Protocol/Hosting/NetworkNamespace.cs"),
            @"\bFile\.(ReadAll|ReadLines|OpenText)|\.ReadToEndAsync\(|FromPemFile\b");

    [Fact]
    public void Time_is_asked_of_a_TimeProvider() =>
        Offenders.EnsureNoFileUses(All, @"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bEnvironment\.TickCount");

    /// <summary>A generic virtual method: the runtime's type loader would come into the plugins with it, and be set up at each of their starts.</summary>
    [Fact]
    public void What_plugins_are_made_of_does_not_select_by_LINQ() =>
        Offenders.EnsureNoFileUses(
            All.Where(static file => Regex.IsMatch(file.Path, "^src/(Cni.Protocol|Ipam.Plugin|Net.Plugin)/")), @"\.Select\(");

    [Fact]
    public void Nothing_is_left_to_do() => Offenders.EnsureNoFileUses(All.Select(static file => file.WithComments), @"\bTODO\b|\bFIXME\b|\bNotImplementedException\b");

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|private|sealed|static|abstract|partial|readonly|unsafe|ref)\s+)*(?<kind>class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+\S+)\s+(?<name>\w+)",
        RegexOptions.Multiline)]
    internal static partial Regex TopLevelType();
}
