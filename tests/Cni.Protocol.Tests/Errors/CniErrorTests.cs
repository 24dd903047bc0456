using System.Text;
using System.Text.Json;

namespace Cni.Protocol.Tests;

public class CniErrorTests
{
    [Fact]
    public void An_error_object_has_code_and_message() =>
        Assert.Equal("""{"code":11,"msg":"try again"}""", Encoding.UTF8.GetString(new CniError(11, "try again").ToJson()));

    [Fact]
    public void Details_are_written_where_there_are_some() => Assert.Equal(
        """{"code":999,"msg":"a \"b\" <ä>","details":"line\nnext"}""",
        Encoding.UTF8.GetString(new CniError(999, "a \"b\" <ä>", "line\nnext").ToJson()));

    [Theory]
    [InlineData("plain", "")]
    [InlineData("quotes \" and \\ and \u0001 and \u2028", "<>&'+")]
    [InlineData("\ud83d\ude00", "\u00e4")]
    public void What_is_written_is_read_back(string message, string details)
    {
        var error = new CniError(100, message, details);
        Assert.Equal(error, CniError.TryParse(error.ToJson()));
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_break_the_output() =>
        Assert.Equal("a\ufffdb", CniError.TryParse(new CniError(1, "a\ud800b").ToJson())!.Message);

    [Theory]
    [InlineData("""{"code":7,"msg":"m"}""", 7, "m", "")]
    [InlineData(""" {"cniVersion":"1.0.0","code":50,"msg":"m","details":"d","more":{"code":1}} """, 50, "m", "d")]
    [InlineData("""{"CODE":7,"Msg":"m","DETAILS":null}""", 7, "m", "")]
    [InlineData("""{"code":7}""", 7, "", "")]
    [InlineData("""{"msg":"m"}""", 0, "m", "")]
    [InlineData("""{"c\u006fde":7,"msg":"\u0041"}""", 7, "A", "")]
    public void Objects_of_others_are_read(string json, int code, string message, string details) =>
        Assert.Equal(new CniError(code, message, details), CniError.TryParse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("oops")]
    [InlineData("""{"code":"7","msg":"m"}""")]
    [InlineData("""{"code":7.5,"msg":"m"}""")]
    [InlineData("""{"code":7,"msg":1}""")]
    [InlineData("""{"code":7,"msg":"m"} x""")]
    [InlineData("""{"code":7,"msg":"\ud800"}""")]
    public void Anything_else_is_none(string json) => Assert.Null(CniError.TryParse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Random_bytes_are_never_a_fault()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var bytes = """{"code":7,"msg":"m\u0041","details":{"a":[1,2]}}"""u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Mutant.Of(bytes, random);
            var fault = Record.Exception(() => CniError.TryParse(mutant));
            Assert.True(fault is null, $"seed {seed}, step {i}: {fault}");
        }
    }

    [Fact]
    public void The_exception_carries_the_object_and_reads_as_libcni_prints_it()
    {
        var fault = new CniException(new CniError(50, "not ready", "store down"));
        Assert.Equal("not ready; store down", fault.Message);
        Assert.Equal("not ready", new CniException(50, "not ready").Message);
        Assert.Equal(50, fault.Error.Code);
    }

    [Fact]
    public void The_output_is_one_JSON_object_whatever_the_text()
    {
        var everything = new string([.. Enumerable.Range(0, 0x2100).Select(c => (char)c)]);
        using var json = JsonDocument.Parse(new CniError(1, everything).ToJson());
        Assert.Equal(everything, json.RootElement.GetProperty("msg").GetString());
    }
}
