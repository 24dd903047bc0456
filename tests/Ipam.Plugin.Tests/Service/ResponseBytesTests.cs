using System.Text;
using Ipam.Plugin.Service;
using Ipam.Plugin.Tests.Support;

namespace Ipam.Plugin.Tests.Service;

/// <summary>Reading answers, whole, in pieces, and broken.</summary>
public sealed class ResponseBytesTests
{
    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "")]
    [InlineData(503, """{"code":11,"msg":"try again"}""")]
    [InlineData(200, "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    public void However_it_is_cut_an_answer_is_complete_at_its_last_byte_and_not_before(int status, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(FakeService.Http(status, body));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(ResponseBytes.TryParse(bytes.AsMemory(0, length), out _), $"{length} of {bytes.Length} bytes");

        Assert.True(ResponseBytes.TryParse(bytes, out var answer));
        Assert.Equal((status, body), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Equal(status == 200, answer.IsSuccess);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200\r\ncontent-length:2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 \r\nCONTENT-LENGTH:   2\r\nX: y\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Content-Length: 9\r\nContent-Length: 2\r\n\r\n{} and more")]
    public void Headers_are_read_in_any_case_and_what_follows_the_body_is_not(string text)
    {
        Assert.True(ResponseBytes.TryParse(Encoding.UTF8.GetBytes(text), out var answer));
        Assert.Equal((200, "{}"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\n{}", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("SSH-2.0-OpenSSH", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("{", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("HTTP/2", "what answers there doesn't speak HTTP/1.1")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{}", "its answer has no Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}", "its answer has no Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", "its answer has no Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}", "its answer has no Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "its answer has no Content-Length")]
    public void What_is_no_answer_of_ipamd_is_refused(string text, string reason) =>
        Assert.Equal(reason, Assert.Throws<ServiceUnreachableException>(() => ResponseBytes.TryParse(Encoding.UTF8.GetBytes(text), out _)).Message);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Broken_answers_end_in_no_other_fault(int seed)
    {
        var random = new Random(seed);
        var good = Encoding.UTF8.GetBytes(FakeService.Http(200, """{"ips":[]}"""));
        for (var round = 0; round < 3000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var change = random.Next(4); change >= 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            AssertTolerated(bytes.AsMemory(0, random.Next(bytes.Length + 1)), seed, round);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Neither_do_random_bytes(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            AssertTolerated((byte[])[.. "HTTP/1.1 "u8, .. bytes, .. "\r\n\r\n"u8], seed, round);
            AssertTolerated(bytes, seed, round);
        }
    }

    private static void AssertTolerated(ReadOnlyMemory<byte> bytes, int seed, int round)
    {
        var fault = Record.Exception(() => ResponseBytes.TryParse(bytes, out _));
        Assert.True(fault is null or ServiceUnreachableException, $"seed {seed}, round {round}: {fault}");
    }
}
