using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Architecture.Tests.Support;

/// <summary>A use of another folder.</summary>
/// <param name="Folder">The folder used.</param>
/// <param name="Type">One of its types.</param>
internal sealed record FolderUse(string Folder, string Type);

/// <summary>
/// Which folders of a project use which others, by the types in signatures, attributes and method bodies of its assembly. A type belongs to
/// the folder of the file that declares it, whatever its namespace.
/// </summary>
internal static partial class FolderUses
{
    /// <summary>The uses by folder, as paths inside the project; "." is the project's own.</summary>
    public static IReadOnlyDictionary<string, HashSet<FolderUse>> Of(string project)
    {
        var files = SourceTree.Files($"src/{project}");
        var homes = HomesOf(project, files);
        using var module = ModuleDefinition.ReadModule(AssemblyOf(project, files));
        var uses = homes.Values.Distinct().ToDictionary(static folder => folder, static _ => new HashSet<FolderUse>());
        foreach (var type in module.GetTypes())
        {
            // What the compiler made of its own has no file.
            if (!homes.TryGetValue(NameOf(type), out var folder))
                continue;
            foreach (var other in TypesIn(type).SelectMany(Parts).Where(other => other.Scope == module))
            {
                if (homes.TryGetValue(NameOf(other), out var used) && used != folder)
                    uses[folder].Add(new FolderUse(used, Outermost(other).Name));
            }
        }
        return uses;
    }

    /// <summary>The folder of each type, by its full name.</summary>
    private static Dictionary<string, string> HomesOf(string project, IReadOnlyList<SourceFile> files)
    {
        var homes = new Dictionary<string, string>();
        foreach (var file in files)
        {
            var @namespace = Namespace().Match(file.Code).Groups[1].Value;
            var folder = Path.GetRelativePath($"src/{project}", Path.GetDirectoryName(file.Path)!);
            foreach (var name in SourceRuleTests.TopLevelType().Matches(file.Code).Select(static type => type.Groups["name"].Value))
                homes[$"{@namespace}.{name}"] = folder;
        }
        return homes;
    }

    private static string NameOf(TypeReference type)
    {
        var outermost = Outermost(type);
        return $"{outermost.Namespace}.{outermost.Name.Split('`')[0]}";
    }

    private static string AssemblyOf(string project, IReadOnlyList<SourceFile> files)
    {
        // .../tests/Architecture.Tests/bin/CONFIGURATION/FRAMEWORK/
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var file = SourceTree.AssemblyName(project) + ".dll";
        var path = Path.Combine(SourceTree.Root, "src", project, "bin", built.Parent!.Name, built.Name, file);
        Assert.True(File.Exists(path), $"{path} is missing; build IpamSuite.sln first");
        var newest = files.Max(static file => File.GetLastWriteTimeUtc(Path.Combine(SourceTree.Root, file.Path)));
        Assert.True(File.GetLastWriteTimeUtc(path) >= newest, $"{path} is older than the sources; build IpamSuite.sln first");
        return path;
    }

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        return type;
    }

    private static IEnumerable<TypeReference?> TypesIn(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var implemented in type.Interfaces)
            yield return implemented.InterfaceType;
        foreach (var field in type.Fields)
            yield return field.FieldType;
        foreach (var attribute in type.CustomAttributes)
            yield return attribute.AttributeType;
        foreach (var constraint in type.GenericParameters.SelectMany(static parameter => parameter.Constraints))
            yield return constraint.ConstraintType;
        foreach (var used in type.Methods.SelectMany(TypesIn))
            yield return used;
    }

    private static IEnumerable<TypeReference?> TypesIn(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters)
            yield return parameter.ParameterType;
        if (!method.HasBody)
            yield break;
        foreach (var variable in method.Body.Variables)
            yield return variable.VariableType;
        foreach (var caught in method.Body.ExceptionHandlers)
            yield return caught.CatchType;
        foreach (var used in method.Body.Instructions.SelectMany(TypesIn))
            yield return used;
    }

    private static IEnumerable<TypeReference?> TypesIn(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    /// <summary>A type and, if it is made of others, these.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
