using Net.Plugin.Interop;

namespace Net.Plugin.Tests.Interop;

public class ProgramEnvironmentTests
{
    [Fact]
    public void It_is_what_this_process_was_started_with() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), ProgramEnvironment.Read().Get("PATH"));
}
