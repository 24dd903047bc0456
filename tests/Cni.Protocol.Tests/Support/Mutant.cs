namespace Cni.Protocol.Tests;

/// <summary>Makes slightly wrong inputs out of right ones.</summary>
internal static class Mutant
{
    private static readonly byte[][] Tokens =
    [
        "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), ":"u8.ToArray(), ","u8.ToArray(),
        "null"u8.ToArray(), "1e3"u8.ToArray(), "true"u8.ToArray(), "\\u0000"u8.ToArray(), "\\ud800"u8.ToArray(), [0xff], [0xc3],
        "\"ipam\":"u8.ToArray(), "\"name\":"u8.ToArray(), "\"NAME\":\"x\","u8.ToArray(), "\"ipam\":{\"socket\":"u8.ToArray(), " "u8.ToArray(),
    ];

    public static byte[] Of(byte[] bytes, Random random)
    {
        List<byte> mutant = [.. bytes];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            Change(mutant, random);
        return [.. mutant];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(5))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes.RemoveAt(at);
                break;
            case 2 when at < bytes.Count:
                bytes.RemoveRange(at, random.Next(bytes.Count - at) % 20);
                break;
            case 3 when at < bytes.Count:
                bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at)));
                break;
            default:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
        }
    }
}
