// These tests share one machine with the processes they start, and some measure time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
