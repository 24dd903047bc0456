using Xunit.Sdk;

namespace Testing;

/// <summary>A fact, as ever; but its class may say by a <see cref="NeedsAttribute"/> what all its tests need.</summary>
[XunitTestCaseDiscoverer("Testing.FactOfItsClassDiscoverer", "Testing")]
[AttributeUsage(AttributeTargets.Method)]
public class ServerFactAttribute : FactAttribute;

/// <summary>A theory, as ever; see <see cref="ServerFactAttribute"/>.</summary>
[XunitTestCaseDiscoverer("Testing.FactOfItsClassDiscoverer", "Testing")]
[AttributeUsage(AttributeTargets.Method)]
public class ServerTheoryAttribute : TheoryAttribute;

/// <summary>A fact that needs programs or plugins.</summary>
public sealed class RequiresFactAttribute : ServerFactAttribute
{
    public RequiresFactAttribute(params string[] programs) => Skip = Requirements.WhatIsMissing(programs);
}

/// <summary>A theory that needs programs or plugins.</summary>
public sealed class RequiresTheoryAttribute : ServerTheoryAttribute
{
    public RequiresTheoryAttribute(params string[] programs) => Skip = Requirements.WhatIsMissing(programs);
}

/// <summary>A fact that only root can try, with programs or plugins.</summary>
public sealed class RootFactAttribute : ServerFactAttribute
{
    public RootFactAttribute(params string[] programs) => Skip = Requirements.WhatIsMissingForRoot(programs);
}

/// <summary>A theory that only root can try, with programs or plugins.</summary>
public sealed class RootTheoryAttribute : ServerTheoryAttribute
{
    public RootTheoryAttribute(params string[] programs) => Skip = Requirements.WhatIsMissingForRoot(programs);
}

/// <summary>Marks a class whose tests, inherited ones too, are skipped where something is missing.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute(string? whyMissing) : Attribute
{
    /// <summary>What is missing; null if nothing is.</summary>
    public string? WhyMissing => whyMissing;
}

/// <summary>What tests need of the machine.</summary>
public static class Requirements
{
    /// <summary>The reason to skip; null if all are here.</summary>
    public static string? WhatIsMissing(params string[] programs) =>
        programs.FirstOrDefault(static program => Programs.Find(program) is null) is { } missing
            ? $"needs '{missing}'; eng/test.sh installs and publishes what the tests need"
            : null;

    /// <summary>The same, for what only root may do.</summary>
    public static string? WhatIsMissingForRoot(params string[] programs) => Environment.IsPrivilegedProcess
        ? WhatIsMissing(programs)
        : "needs root, for network namespaces, mounts or another user's identity";
}
