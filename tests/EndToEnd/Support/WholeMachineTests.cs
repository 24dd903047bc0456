namespace EndToEnd.Support;

/// <summary>Tests beside which nothing else runs, no other project either: they measure time, take all processors, or change what the machine has once.</summary>
[Collection(Alone.Name)]
[Trait("Needs", "WholeMachine")]
public abstract class WholeMachineTests
{
    /// <summary>What keeps the other tests of this project away; eng/test.sh keeps the other projects away by the trait.</summary>
    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class Alone
    {
        public const string Name = "whole machine";
    }
}
