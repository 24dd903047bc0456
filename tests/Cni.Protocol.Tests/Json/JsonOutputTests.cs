using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cni.Protocol.Tests;

/// <summary>The framework's writer is the oracle: it is slow to start, and right.</summary>
public class JsonOutputTests
{
    private const int Rounds = 2_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Random_values_are_laid_out_as_the_framework_does(bool isIndented)
    {
        var seed = Random.Shared.Next();
        for (var round = 0; round < Rounds; round++)
        {
            var ours = new JsonOutput(isIndented);
            var buffer = new ArrayBufferWriter<byte>();
            using (var oracle = new Utf8JsonWriter(buffer, Options(isIndented)))
            {
                ours.StartObject();
                oracle.WriteStartObject();
                WriteItems(new Random(seed + round), ours, oracle, depth: 1);
                ours.EndObject();
                oracle.WriteEndObject();
            }
            Assert.True(buffer.WrittenSpan.SequenceEqual(ours.ToArray()), $"seed {seed}, round {round}: {Encoding.UTF8.GetString(ours.ToArray())}");
        }
    }

    [Fact]
    public void Any_text_is_read_back()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = new string(Enumerable.Range(0, random.Next(20)).Select(_ => AnyCharacter(random)).ToArray());
            var json = new JsonOutput(isIndented: false);
            json.StartObject();
            json.Write("key"u8, text);
            json.EndObject();
            using var document = JsonDocument.Parse(json.ToArray());
            var wanted = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.True(document.RootElement.GetProperty("key").GetString() == wanted, $"seed {seed}, round {round}");
        }
    }

    private static JsonWriterOptions Options(bool isIndented) => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = isIndented,
        IndentSize = 4,
        NewLine = "\n",
    };

    private static void WriteItems(Random random, JsonOutput ours, Utf8JsonWriter oracle, int depth)
    {
        for (var count = random.Next(4); count > 0; count--)
        {
            switch (random.Next(depth < 4 ? 4 : 2))
            {
                case 0:
                    var text = Text(random);
                    ours.Write("text"u8, text);
                    oracle.WriteString("text"u8, text);
                    break;
                case 1:
                    var number = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                    ours.Write("number"u8, number);
                    oracle.WriteNumber("number"u8, number);
                    break;
                case 2:
                    ours.StartObject("object"u8);
                    oracle.WriteStartObject("object"u8);
                    WriteItems(random, ours, oracle, depth + 1);
                    ours.EndObject();
                    oracle.WriteEndObject();
                    break;
                default:
                    WriteList(random, ours, oracle, depth);
                    break;
            }
        }
    }

    private static void WriteList(Random random, JsonOutput ours, Utf8JsonWriter oracle, int depth)
    {
        ours.StartList("list"u8);
        oracle.WriteStartArray("list"u8);
        for (var count = random.Next(4); count > 0; count--)
        {
            var text = Text(random);
            ours.Write(text);
            oracle.WriteStringValue(text);
            ours.StartObject();
            oracle.WriteStartObject();
            WriteItems(random, ours, oracle, depth + 2);
            ours.EndObject();
            oracle.WriteEndObject();
        }
        ours.EndList();
        oracle.WriteEndArray();
    }

    // What both escape alike; now and then longer than the output's first buffer.
    private static string Text(Random random) =>
        string.Concat(Enumerable.Repeat("a\"\\\n\r\t\u0001<\u00e4\u20ac"[random.Next(10)], random.Next(random.Next(50) == 0 ? 2_000 : 12)));

    private static char AnyCharacter(Random random) => (char)(random.Next(3) == 0 ? random.Next(0xD800, 0xE000) : random.Next(0x10000));
}
