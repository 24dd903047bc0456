// Processes that work on a store beside the tests and each other:
//   take URL NAME COUNT     takes addresses, one commit each, and prints each address once it is committed
//   lead URL NAME SECONDS   stands for election with terms of so many seconds; prints when it leads, and does what its input says
using System.Globalization;
using Ipam.Stores;
using Ipam.Stores.Tests.Support;

await using var store = StoreFactory.Create(args[1], TimeProvider.System);
await store.OpenAsync(default);
var number = int.Parse(args[3], CultureInfo.InvariantCulture);
if (args[0] == "take")
    await new Taker(store, args[2]).TakeAsync(number);
else
    await new Lead(store, args[2], TimeSpan.FromSeconds(number)).RunAsync();
