using System.Text.Json;

namespace Net.Plugin.Tests.Support;

/// <summary>What a plugin answered.</summary>
internal sealed record CniOutcome(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it printed, as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The code of its error object.</summary>
    public int Code => Json.GetProperty("code").GetInt32();

    /// <summary>Message and details of its error object.</summary>
    public string Message =>
        Json.GetProperty("msg").GetString() + (Json.TryGetProperty("details", out var details) ? $"; {details.GetString()}" : "");

    /// <summary>The same outcome, if it is a success; otherwise the test fails with what the plugin said.</summary>
    public CniOutcome Must()
    {
        Assert.True(Succeeded, $"exit code {ExitCode}: {Output}{Errors}");
        return this;
    }

    /// <summary>The same outcome, if it is a failure.</summary>
    public CniOutcome MustFail()
    {
        Assert.False(Succeeded, Output);
        return this;
    }
}
