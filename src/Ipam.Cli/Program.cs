using Ipam.Cli;
using Ipam.Cli.Terminal;
using Ipam.Stores;

using var error = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
return Ipamctl.Run(args, new CliEnvironment
{
    Output = Console.OpenStandardOutput(),
    Input = Console.OpenStandardInput(),
    Error = error,
    ReadAnswer = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.ReadLine,
    ShowsProgress = !Console.IsErrorRedirected,
    Screen = Console.IsOutputRedirected ? null : static () => Screen.OfThisProcess(Environment.GetEnvironmentVariable),
    Variable = Environment.GetEnvironmentVariable,
    CreateStore = static url => StoreFactory.Create(url, TimeProvider.System, mustExist: true),
    ConfigurationFile = "/etc/ipam/ipamd.json",
    Time = TimeProvider.System,
    User = static () => $"{(Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName)}@{Environment.MachineName}",
});
