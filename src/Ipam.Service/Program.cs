using Ipam.Core.Stores;
using Ipam.Service.Hosting;
using Ipam.Service.Options;
using Ipam.Stores;
using Version = Ipam.Service.Hosting.Version;

const int CannotServe = 1;
const int WrongOptions = 2;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Help.Text);
    return 0;
}
if (args.Contains("--version"))
{
    Console.WriteLine($"ipamd {Version.Text}");
    return 0;
}
try
{
    var options = OptionsReader.Read(args, Environment.GetEnvironmentVariable);
    await using var store = StoreFactory.Create(options.Store, TimeProvider.System);
    await using var daemon = new Daemon(options, store, TimeProvider.System);
    await daemon.StartAsync();
    await daemon.RunAsync();
    return 0;
}
catch (Exception e) when (e is OptionException or FormatException)
{
    Console.Error.WriteLine($"ipamd: {e.Message}\nTry 'ipamd --help'.");
    return WrongOptions;
}
catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"ipamd: {e.Message}");
    return CannotServe;
}
