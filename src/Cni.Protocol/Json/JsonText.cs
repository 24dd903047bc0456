using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cni.Protocol;

/// <summary>How this library writes JSON.</summary>
internal static class JsonText
{
    /// <summary>One line. The relaxed encoder keeps quotes and non-ASCII text legible; nothing here is ever put into HTML.</summary>
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Four spaces, as the reference library prints results.</summary>
    public static readonly JsonWriterOptions Pretty = Compact with { Indented = true, IndentSize = 4, NewLine = "\n" };
}
