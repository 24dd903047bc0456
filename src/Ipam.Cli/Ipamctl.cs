using System.CommandLine;
using System.CommandLine.Invocation;
using Ipam.Cli.Commands;
using Ipam.Cli.Terminal;
using Ipam.Core.Stores;
using IpamSuite.Shared;

namespace Ipam.Cli;

/// <summary>The program: one command line in, one exit code out.</summary>
internal static class Ipamctl
{
    public static int Run(IReadOnlyList<string> arguments, CliEnvironment environment)
    {
        var words = FirstWords.Of(arguments);
        var command = new IpamctlCommand(environment, words);
        var parsed = command.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return environment.Fail(UsageErrors.Describe(parsed), ExitCode.Usage);
        environment.IsQuiet = parsed.GetValue(command.Quiet);
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = new StreamWriter(environment.Output) { AutoFlush = true },
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (UsageException e)
        {
            return environment.Fail(e.Message, ExitCode.Usage);
        }
        catch (StoreException e)
        {
            return environment.Fail(e.Message, ExitCode.Failure);
        }
        catch (FileLoadException e)
        {
            return environment.Fail($"a part of ipamctl can't be loaded; install it again: {e.Message}", ExitCode.Failure);
        }
        catch (IOException e)
        {
            return environment.Fail($"the output can't be written, and what there is of it is not whole: {e.Message}", ExitCode.Failure);
        }
    }
}
