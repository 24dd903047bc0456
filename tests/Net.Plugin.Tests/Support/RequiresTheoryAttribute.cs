namespace Net.Plugin.Tests.Support;

/// <summary><see cref="RequiresAttribute"/> for a test with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(params string[] programs) => Skip = Host.WhatIsMissing(programs);
}
