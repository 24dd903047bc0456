using Ipam.Core.Stores;
using Ipam.Service.Hosting;
using Ipam.Service.Http;
using Ipam.Service.Options;
using Ipam.Stores;
using Microsoft.Win32.SafeHandles;
using Version = Ipam.Service.Hosting.Version;

const int CannotServe = 1;
const int WrongOptions = 2;
// Before anything else: they take file descriptors and assemblies, and there may be none left when something is to be said.
// Not the console's own stream: that one opens the terminal at its first line.
using var standardError = new SafeFileHandle(2, ownsHandle: false);
await using var complaints = new StreamWriter(OpenStandardError(standardError)) { AutoFlush = true };
if (OpenFiles.Problem() is { } problem)
{
    complaints.WriteLine($"ipamd: {problem}");
    return CannotServe;
}
_ = new System.ComponentModel.Win32Exception(0).Message;
var storePatience = TimeSpan.FromSeconds(2);

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
    var store = StoreFactory.Create(options.Store, TimeProvider.System, history: options.History, isOfNode: options.Role != ServiceRole.Controller);
    var inherited = options.Role == ServiceRole.Controller ? null : InheritedSocket.Take(options.Socket, Environment.GetEnvironmentVariable);
    await using (var daemon = new Daemon(options, store, TimeProvider.System, inherited))
    {
        await daemon.StartAsync();
        await daemon.RunAsync();
    }
    // A disk or a connection that hangs may keep it for ever. Nothing of worth is left in it.
    await Task.WhenAny(store.DisposeAsync().AsTask(), Task.Delay(storePatience));
    // Not by returning: a thread that hangs in such a store would keep the process alive.
    Environment.Exit(0);
    return 0;
}
catch (Exception e) when (e is OptionException or FormatException)
{
    complaints.WriteLine($"ipamd: {e.Message}\nTry 'ipamd --help'.");
    return WrongOptions;
}
#pragma warning disable CA1031 // The edge of the process: whoever started it gets a sentence, whatever happened.
catch (Exception e)
#pragma warning restore CA1031
{
    var isKnown = e is StoreException or IOException or UnauthorizedAccessException;
    complaints.WriteLine($"ipamd: {(isKnown ? e.Message : $"{e.GetType().Name}: {e.Message}")}");
    return CannotServe;
}

static Stream OpenStandardError(SafeFileHandle handle)
{
    try
    {
        return new FileStream(handle, FileAccess.Write, bufferSize: 0);
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
    {
        // Whoever starts it without one wants to hear nothing.
        return Stream.Null;
    }
}
