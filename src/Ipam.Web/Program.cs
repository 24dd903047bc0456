using Ipam.Core.Stores;
using Ipam.Stores;
using Ipam.Web.Http;
using Ipam.Web.Options;
using Ipam.Web.Pages;
using Ipam.Web.Reading;
using IpamSuite.Shared;

const int CannotServe = 1;
const int WrongOptions = 2;
var complaints = new Complaints(Console.Error);
var command = new WebCommand(new StoreAddress(Environment.GetEnvironmentVariable, "/etc/ipam/ipamd.json"));
command.SetAction(RunAsync);
var arguments = command.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
        complaints.Add(error.Message);
    return WrongOptions;
}
return await arguments.InvokeAsync();

async Task<int> RunAsync(System.CommandLine.ParseResult given, CancellationToken cancellationToken)
{
    try
    {
        var options = command.Read(given);
        await using var store = StoreFactory.Create(options.Store, TimeProvider.System, mustExist: true);
        await store.OpenAsync(cancellationToken);
        var gate = options.Auth == AuthKind.None ? null : new Gate(ViewersOf(store), options.BasePath, TimeProvider.System);
        var reads = new StoreReads(store, TimeProvider.System);
        await using var pages = new PageTable(reads, options);
        using var site = new Site(options, pages, new LiveChanges(reads, gate), gate, complaints);
        await using var server = new WebServer(options, site);
        await server.StartAsync(options.BasePath, cancellationToken);
        Console.WriteLine($"ipam-web: {store.Description} is shown at {server.Url}");
        await server.WaitAsync(cancellationToken);
        return 0;
    }
    catch (Exception e) when (e is UsageException or FormatException)
    {
        complaints.Add(e.Message);
        return WrongOptions;
    }
    catch (Exception e) when (e is StoreException or IOException)
    {
        complaints.Add(e.Message);
        return CannotServe;
    }
}

static IViewers ViewersOf(IIpamStore store) => store.Viewers
    ?? throw new UsageException($"--auth kubernetes asks the cluster that the store belongs to, and {store.Description} belongs to none; put a proxy that knows its users in front, and listen on 127.0.0.1");
