namespace Net.Plugin.Tests.Support;

/// <summary>A test that works on the real kernel: skipped, with the reason, without root or without a program that it uses.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresAttribute : FactAttribute
{
    public RequiresAttribute(params string[] programs) => Skip = Host.WhatIsMissing(programs);
}
