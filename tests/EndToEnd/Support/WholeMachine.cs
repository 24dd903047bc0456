namespace EndToEnd.Support;

/// <summary>Tests beside which no other runs: they measure time, take all processors, or change what the machine has once.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeMachine
{
    public const string Name = "whole machine";
}
