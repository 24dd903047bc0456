// Most tests wait for something most of the time. Those that need the machine for themselves are WholeMachineTests.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
