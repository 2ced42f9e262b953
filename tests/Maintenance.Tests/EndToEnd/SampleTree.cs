using System.Runtime.Versioning;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A folder with all that folders may have on Unix.</summary>
[UnsupportedOSPlatform("windows")]
internal static class SampleTree
{
    private const UnixFileMode Mode0640 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private const UnixFileMode Mode0755 = Mode0640 | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode Mode0444 = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static void Make(string root)
    {
        var at = new DateTime(2019, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddTicks(1234567);
        Directory.CreateDirectory(Path.Join(root, "deep/er/and deeper"));
        Directory.CreateDirectory(Path.Join(root, "empty"));
        Put(root, "plain.txt", "plain\n", at);
        Put(root, "deep/er/and deeper/öäü ß 登記 🗂️.txt", "names are not ASCII", at.AddTicks(1));
        Put(root, "-rf", "a dash in front", at.AddDays(1));
        Put(root, "*? $(x) `y` 'z' \"q\".txt", "what shells take for something else", at);
        Put(root, "back\\slash and\nline end", "allowed on Unix", at);
        Put(root, ".hidden", "hidden", at);
        Put(root, "empty.bin", "", at.AddTicks(9));
        Put(root, "group", "0640", at, Mode0640);
        Put(root, "run.sh", "#!/bin/sh\n", at, Mode0755);
        Put(root, "setgid", "with a special bit", at, Mode0755 | UnixFileMode.SetGroup);
        Put(root, "read-only", "0444", at, Mode0444);
        Put(root, "before the epoch", "1960", new DateTime(1960, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        var big = new byte[9 * 1024 * 1024 + 17];
        new Random(1).NextBytes(big);
        File.WriteAllBytes(Path.Join(root, "deep/big.bin"), big);
        File.WriteAllBytes(Path.Join(root, "deep/big again.bin"), big);
        File.CreateSymbolicLink(Path.Join(root, "link"), "deep/big.bin");
        File.CreateSymbolicLink(Path.Join(root, "link to a folder"), "deep");
        File.CreateSymbolicLink(Path.Join(root, "dangling"), "/nowhere/at all");
        File.CreateSymbolicLink(Path.Join(root, "deep/upwards"), "../../../..");
        var closed = Directory.CreateDirectory(Path.Join(root, "closed"));
        Put(root, "closed/inside", "in a folder that may not be written to", at);
        closed.UnixFileMode = Mode0444 | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;
        Directory.SetLastWriteTimeUtc(Path.Join(root, "deep/er"), at.AddTicks(3));
        Directory.SetLastWriteTimeUtc(Path.Join(root, "empty"), at.AddYears(-8));
    }

    /// <summary>Edits, deletes, adds, renames, and changes a mode, a time, a link and a kind.</summary>
    public static void Change(string root)
    {
        File.AppendAllText(Path.Join(root, "plain.txt"), "and more\n");
        File.Delete(Path.Join(root, ".hidden"));
        Directory.Delete(Path.Join(root, "empty"));
        File.WriteAllText(Path.Join(root, "deep/new.txt"), "new");
        File.Move(Path.Join(root, "-rf"), Path.Join(root, "--renamed"));
        File.SetUnixFileMode(Path.Join(root, "group"), Mode0755);
        File.SetLastWriteTimeUtc(Path.Join(root, "run.sh"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(7));
        File.Delete(Path.Join(root, "dangling"));
        Directory.CreateDirectory(Path.Join(root, "dangling"));
        File.Delete(Path.Join(root, "link"));
        File.CreateSymbolicLink(Path.Join(root, "link"), "plain.txt");
        using var big = File.OpenWrite(Path.Join(root, "deep/big.bin"));
        big.Seek(5 * 1024 * 1024, SeekOrigin.Begin);
        big.WriteByte(0x42);
    }

    private static void Put(string root, string name, string content, DateTime modified, UnixFileMode? mode = null)
    {
        var path = Path.Join(root, name);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, modified);
        if (mode is { } bits)
        {
            File.SetUnixFileMode(path, bits);
        }
    }
}
