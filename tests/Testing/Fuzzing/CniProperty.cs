using System.Text.Json;
using System.Text.RegularExpressions;

namespace Testing.Fuzzing;

/// <summary>What holds of every CNI plugin, and of what ipamd has a plugin print, whatever it was given.</summary>
public static partial class CniProperty
{
    // As deep as the reference's decoder goes.
    private const int DeepestValue = 10_000;

    /// <summary>An exit code of 0 or 1; with 1 an error object on stdout, with 0 a result or nothing; and sentences, not names of resources.</summary>
    /// <param name="exitCode">How it ended.</param>
    /// <param name="stdout">All that it printed there.</param>
    /// <param name="stderr">All that it printed there.</param>
    /// <param name="inputs">What it was given, which it may repeat.</param>
    public static void Holds(int exitCode, string stdout, string stderr, params ReadOnlySpan<string> inputs)
    {
        var what = $"exit code {exitCode}, stdout {Shortened(stdout)}, stderr {Shortened(stderr)}";
        foreach (var input in inputs)
            what += $"\ninput {Shortened(input)}";
        Assert.True(exitCode is 0 or 1, what);
        if (exitCode == 1)
            Assert.True(IsError(stdout), $"no error object: {what}");
        else if (stdout.Length > 0)
            Assert.True(IsObject(stdout), $"no result: {what}");
        IsReadable(stdout + stderr, what, inputs);
    }

    /// <summary>Whether it is one JSON object and nothing else.</summary>
    public static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestValue });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether it is a CNI error object with something in it.</summary>
    public static bool IsError(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("code", out var code) && code.TryGetInt32(out _)
                && document.RootElement.TryGetProperty("msg", out var message) && message.GetString() is { Length: > 0 };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Fails where a text has the name of a framework's message instead of the message; what was in the input is no fault.</summary>
    public static void IsReadable(string text, string what, params ReadOnlySpan<string> inputs)
    {
        foreach (Match name in ResourceName().Matches(text))
        {
            var given = false;
            foreach (var input in inputs)
                given |= input.Contains(name.Value, StringComparison.Ordinal);
            Assert.True(given, $"the name of a resource, {name.Value}: {what}");
        }
    }

    private static string Shortened(string text) => text.Length <= 2000 ? text : $"{text[..2000]}... ({text.Length} characters)";

    // UnauthorizedAccess_IODenied_NoPathName, IO_FileNotFound, Arg_NullReferenceException, net_unknown_prefix ...
    [GeneratedRegex(@"\b(?:IO|[A-Z][a-z][A-Za-z]*)_[A-Z][A-Za-z]+\w*|\bnet_[a-z]+_\w+")]
    private static partial Regex ResourceName();
}
