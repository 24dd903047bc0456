using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Architecture.Tests.Support;

/// <summary>A use of another folder.</summary>
/// <param name="Folder">The folder used, as its namespace.</param>
/// <param name="Type">One of its types.</param>
internal sealed record FolderUse(string Folder, string Type);

/// <summary>Which folders of a project use which others, by the types in signatures, attributes and method bodies of its assembly.</summary>
internal static class FolderUses
{
    public static IReadOnlyDictionary<string, HashSet<FolderUse>> Of(string project)
    {
        using var module = ModuleDefinition.ReadModule(AssemblyOf(project));
        var uses = new Dictionary<string, HashSet<FolderUse>>();
        foreach (var type in module.GetTypes())
        {
            var folder = Outermost(type).Namespace;
            if (!IsOf(project, folder))
                continue;
            if (!uses.TryGetValue(folder, out var used))
                uses.Add(folder, used = []);
            foreach (var other in TypesIn(type).SelectMany(Parts).Select(Outermost))
            {
                if (other.Scope == module && other.Namespace != folder && IsOf(project, other.Namespace))
                    used.Add(new FolderUse(other.Namespace, other.Name));
            }
        }
        return uses;
    }

    private static string AssemblyOf(string project)
    {
        // .../tests/Architecture.Tests/bin/CONFIGURATION/FRAMEWORK/
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        var file = SourceTree.AssemblyName(project) + ".dll";
        var path = Path.Combine(SourceTree.Root, "src", project, "bin", built.Parent!.Name, built.Name, file);
        Assert.True(File.Exists(path), $"{path} is missing; build IpamSuite.sln first");
        return path;
    }

    private static bool IsOf(string project, string folder) => folder == project || folder.StartsWith(project + ".", StringComparison.Ordinal);

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
}
