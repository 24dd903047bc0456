namespace EndToEnd.Support;

/// <summary>Tests beside which no other runs: they measure time, take all processors, or change what the machine has once.</summary>
[Collection(Alone.Name)]
public abstract class WholeMachineTests
{
    /// <summary>What keeps the other tests of this project away.</summary>
    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class Alone
    {
        public const string Name = "whole machine";
    }
}
