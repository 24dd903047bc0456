using System.Security.Cryptography;
using System.Text;
using Net.Plugin.Attachments;

namespace Net.Plugin.Tests.Attachments;

public class Sha512Tests
{
    // FIPS 180-4 examples, as NIST publishes them (csrc.nist.gov, "Examples with Intermediate Values").
    [Theory]
    [InlineData("", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")]
    [InlineData("abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909")]
    public void The_published_examples_come_out(string text, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha512.Hash(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Every_length_around_the_block_boundaries_agrees_with_the_framework()
    {
        var message = new byte[600];
        new Random(512).NextBytes(message);
        for (var length = 0; length <= message.Length; length++)
            Assert.Equal(SHA512.HashData(message.AsSpan(0, length)), Sha512.Hash(message.AsSpan(0, length)));
    }
}
