using Ipam.Core.Addresses;
using Ipam.Core.Blocks;
using Ipam.Core.Stores;
using Ipam.Service.Mirror;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipam.Service.Tests.Mirror;

public sealed class MirrorFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder.Combine("leases.mirror");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_confirmed_is_there_after_a_restart()
    {
        var block = Block(Lease(1), Lease(2) with { Pod = new PodReference("shop", "web-0", "uid") });
        string instance;
        using (var mirror = Open("a"))
        {
            instance = mirror.Instance;
            mirror.Confirmed(null, block);
            mirror.Flush();
            mirror.Saw(new StorePast("identity", 7));
        }

        using var again = Open("a");
        Assert.Equal(instance, again.Instance);
        Assert.Equal(new StorePast("identity", 7), again.Past);
        Assert.Equal(block, Assert.Single(again.Memory.Blocks));
        Assert.Empty(again.Memory.FormerNames);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void Static_leases_of_a_block_are_kept_beside_the_nodes_own()
    {
        var printer = Lease(2) with { Node = "", Owner = Owner.Static("outside", "printer", "default", Lease(2).Address) };
        var (first, second) = (Block(Lease(1), printer), Block(Lease(1)) with { Version = 2, LastSequence = 2 });
        using (var mirror = Open("a"))
        {
            mirror.Confirmed(null, first);
            mirror.Flush();
        }
        using (var again = Open("a"))
        {
            Assert.Equal(first, Assert.Single(again.Memory.Blocks));
            Assert.False(again.IsOfThisMachine(printer));
            again.Confirmed(first, second);
            again.Flush();
        }
        using var last = Open("a");
        Assert.Equal(second, Assert.Single(last.Memory.Blocks));
    }

    [Fact]
    public void A_change_adds_a_few_lines_and_says_what_a_new_file_would()
    {
        var (one, two) = (Lease(1), Lease(2));
        var first = Block(one);
        var second = Block(one, two) with { Version = 2, LastSequence = 2 };
        var third = Block(two) with { Version = 3, LastSequence = 2 };
        using (var mirror = Open("a"))
        {
            mirror.Confirmed(null, first);
            mirror.Confirmed(first, second);
            mirror.Confirmed(second, third);
            mirror.Flush();
        }
        using (var again = Open("a"))
        {
            Assert.Equal(third, Assert.Single(again.Memory.Blocks));
            again.Forgotten(third.Id);
            again.Flush();
        }
        using var empty = Open("a");
        Assert.Empty(empty.Memory.Blocks);
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_read_up_to_its_last_whole_line()
    {
        using (var mirror = Open("a"))
        {
            mirror.Confirmed(null, Block(Lease(1)));
            mirror.Confirmed(Block(Lease(1)), Block(Lease(1), Lease(2)) with { Version = 2, LastSequence = 2 });
            mirror.Flush();
        }
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            using (var cut = Open("a"))
            {
                cut.Saw(new StorePast("identity", length));
                Assert.True(cut.Memory.Blocks.Count <= 1);
            }
            using var again = Open("a");
            Assert.Equal(new StorePast("identity", length), again.Past);
        }
    }

    [Fact]
    public void A_file_of_garbage_is_begun_anew()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            using (var mirror = Open("a"))
            {
                mirror.Confirmed(null, Block(Lease(1), Lease(2)));
                mirror.Flush();
            }
            var bytes = File.ReadAllBytes(FilePath);
            for (var j = random.Next(1, 6); j > 0; j--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(FilePath, bytes);
            using (var damaged = Open("a"))
                damaged.Saw(new StorePast("identity", i));
            using var again = Open("a");
            Assert.Equal(i, again.Past?.Revision);
        }
    }

    [Fact]
    public void A_node_with_another_name_knows_its_former_ones()
    {
        using (var mirror = Open("a"))
        {
            mirror.Confirmed(null, Block(Lease(1)));
            mirror.Flush();
        }
        using (Open("b"))
        {
        }
        using var third = Open("c");
        Assert.Equal(["b", "a"], third.Memory.FormerNames);
        Assert.True(third.IsOfThisMachine(Lease(1)));
        // Another machine has the name by now.
        Assert.False(third.IsOfThisMachine(Lease(1) with { Sequence = 7 }));
        Assert.Equal([LeaseToken.Of(Lease(1))], third.Memory.FormerLeases);
        Assert.Single(third.Memory.Blocks);
    }

    [Fact]
    public void Leases_of_the_machine_that_had_the_name_before_stay_that_machine_s()
    {
        using (var mirror = Open("a"))
        {
            mirror.Settle();
            mirror.Confirmed(null, Block(Lease(3)));
            mirror.Flush();
        }
        using (var mirror = Open("a"))
        {
            mirror.TakeOver();
            mirror.Confirmed(Block(Lease(3)), Block(Lease(1), Lease(3)) with { Version = 2 });
            mirror.Flush();
        }
        // Killed before it knew all that it inherits.
        using (var mirror = Open("a"))
        {
            Assert.True(mirror.IsTakingOver);
            mirror.Confirmed(null, Block(Lease(1), Lease(3), Lease(4)) with { Version = 3 });
            mirror.Settle();
            Assert.False(mirror.IsTakingOver);
            mirror.Confirmed(Block(Lease(1), Lease(3), Lease(4)) with { Version = 3 }, Block(Lease(1), Lease(2), Lease(3), Lease(4)) with { Version = 4 });
            mirror.Flush();
        }
        using var again = Open("a");
        Assert.Equal([false, true, true, false], new[] { 1, 2, 3, 4 }.Select(number => again.IsOfThisMachine(Lease(number))));
    }

    [Fact]
    public void A_file_that_others_may_write_is_restricted_and_used()
    {
        using (var mirror = Open("a"))
        {
            mirror.Confirmed(null, Block(Lease(1)));
            mirror.Flush();
        }
        File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_110_110);
        using var again = Open("a");
        Assert.Single(again.Memory.Blocks);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void A_long_file_is_written_anew_and_says_the_same()
    {
        var block = Block(Lease(1));
        using (var mirror = Open("a"))
        {
            for (var version = 2; new FileInfo(FilePath).Length < 1_100_000; version++)
            {
                var next = Block(Lease(1)) with { Version = version };
                mirror.Confirmed(block, next);
                mirror.Flush();
                block = next;
            }
            mirror.Tidy();
            Assert.True(new FileInfo(FilePath).Length < 10_000);
        }
        using var again = Open("a");
        Assert.Equal(block, Assert.Single(again.Memory.Blocks));
    }

    [Fact]
    public void Lines_of_any_length_are_read_and_a_file_whose_line_never_ends_is_begun_anew()
    {
        var block = Block([.. Enumerable.Range(0, 64).Select(static i => Lease(i) with { NetworkNamespace = new string('n', i * 3_000) })]);
        using (var mirror = Open("a"))
        {
            mirror.Confirmed(null, block);
            mirror.Flush();
        }
        using (var again = Open("a"))
            Assert.Equal(block, Assert.Single(again.Memory.Blocks));

        File.WriteAllText(FilePath, new string('x', 3 << 20));
        using (var endless = Open("a"))
            Assert.Empty(endless.Memory.Blocks);
    }

    [Fact]
    public void A_large_file_is_not_in_memory_at_once()
    {
        using (var mirror = Open("a"))
        {
            for (var version = 1; new FileInfo(FilePath).Length < 20_000_000; version++)
            {
                mirror.CarriedOut(new string('r', 100_000));
                mirror.Flush();
            }
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var again = Open("a");
        // Of each line the text, in two bytes for each character.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000_000);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_stops_nobody()
    {
        File.WriteAllText(_folder.Combine("file"), "");
        using var mirror = new MirrorFile(_folder.Combine("file"), "a", NullLogger.Instance);
        mirror.Load();
        mirror.Confirmed(null, Block(Lease(1)));
        mirror.Flush();
        mirror.Tidy();
        Assert.Single(mirror.Memory.Blocks);
    }

    private MirrorFile Open(string node)
    {
        var mirror = new MirrorFile(_folder.Path, node, NullLogger.Instance);
        mirror.Load();
        return mirror;
    }

    private static Block Block(params Lease[] leases) => new(BlockId.Of("default", Address.Parse("10.0.0.0")), leases)
    {
        Node = "a",
        Version = 1,
        LastSequence = 1,
        LastOffset = 1,
    };

    private static Lease Lease(int offset) => new()
    {
        Space = "default",
        Address = Address.Parse($"10.0.0.{offset}"),
        Owner = new Owner("net", $"c{offset}", "eth0"),
        Entry = 0,
        Sequence = offset,
        Node = "a",
        NetworkNamespace = "/var/run/netns/x",
        AcquiredAt = new DateTimeOffset(2026, 11, 28, 1, 2, 3, TimeSpan.Zero),
        Cooldown = TimeSpan.FromSeconds(30),
    };
}
