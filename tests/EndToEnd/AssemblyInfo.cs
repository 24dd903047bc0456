// Most tests wait for something most of the time. Those that need the machine for themselves are of the collection WholeMachine.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
