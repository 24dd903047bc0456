namespace Ipam.Service.Http;

/// <summary>Writing answers.</summary>
internal static class Answer
{
    public const string PlainText = "text/plain; charset=utf-8";
    public const string Json = "application/json";

    public static async Task WriteAsync(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
