using Net.Plugin.Interop;

namespace Net.Plugin.Tests.Interop;

public sealed class LockFileTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string Folder => _temp.Combine("locks");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_lock_is_held_by_one_at_a_time_and_leaves_nothing_afterwards()
    {
        using (LockFile.TryTake(Folder, "a"))
        {
            Assert.Null(LockFile.TryTake(Folder, "a"));
            using var other = LockFile.TryTake(Folder, "b");
            Assert.NotNull(other);
        }
        Assert.Empty(Directory.EnumerateFiles(Folder));
        using var again = LockFile.TryTake(Folder, "a");
        Assert.NotNull(again);
    }

    [Fact]
    public void Nobody_but_the_owner_can_hold_one()
    {
        using var held = LockFile.TryTake(Folder, "a");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "a")));
    }

    [Fact]
    public void A_program_that_was_given_it_holds_it_until_it_ends_whatever_becomes_of_the_giver()
    {
        var held = LockFile.TryTake(Folder, "a")!;
        using var holder = ChildProcess.Start("/bin/sh", ["sh", "-c", "sleep 0.3; echo done"], [], [], collectErrors: false, keep: held.File);
        // As a process that is killed: its descriptor is closed, and the file stays.
        held.File.Dispose();
        Assert.Null(LockFile.TryTake(Folder, "a"));
        Assert.True(holder.WaitForExit().Succeeded);
        using var again = LockFile.TryTake(Folder, "a");
        Assert.NotNull(again);
    }

    [Fact]
    public void Of_many_at_once_one_holds_it()
    {
        const int Threads = 8;
        var (inside, most) = (0, 0);
        Support.AtOnce.Run(Threads, _ =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var held = LockFile.TryTake(Folder, "a");
                if (held is null)
                    continue;
                var now = Interlocked.Increment(ref inside);
                if (now > most)
                    most = now;
                Interlocked.Decrement(ref inside);
            }
        });
        Assert.Equal(1, most);
    }

    [Fact]
    public void A_folder_that_can_not_be_made_is_an_error_that_names_the_file()
    {
        var error = Assert.Throws<SystemCallException>(() => LockFile.TryTake("/proc/nowhere/locks", "a"));
        Assert.Equal("cannot make /proc/nowhere/locks/a: No such file or directory (2)", error.Message);
    }
}
