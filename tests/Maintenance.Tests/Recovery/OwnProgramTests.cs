using System.Formats.Tar;
using System.IO.Compression;
using Maintenance.Local.Recovery;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Recovery;

/// <summary>The program beside the backups is the program, whole, and nothing else.</summary>
public sealed class OwnProgramTests
{
    private const string PartsText = """
        { "targets": { ".NETCoreApp,Version=v10.0": {
          "maintenance/1.0": { "runtime": { "maintenance.dll": {} } },
          "Other/1.0": { "runtime": { "lib/net8.0/Other.dll": {} }, "resources": { "lib/net8.0/de/Other.resources.dll": { "locale": "de" } },
            "runtimeTargets": { "runtimes/linux-x64/native/o.so": { "rid": "linux-x64" }, "runtimes/android-x64/native/o.so": { "rid": "android-x64" } } },
          "Absent/1.0": { "runtime": { "lib/net8.0/Absent.dll": {} } } } } }
        """;

    [Fact]
    public async Task It_has_the_parts_that_the_program_names_and_nothing_that_happens_to_lie_beside_them()
    {
        using var folder = Program();
        Put(folder, "data/repository.passphrase", "secret");
        Put(folder, "operator.token", "secret");
        Put(folder, "maintenance.pdb", "symbols");
        Put(folder, "Stranger.dll", "stranger");
        Assert.Equal(
            ["Other.dll", "de/Other.resources.dll", "maintenance.deps.json", "maintenance.dll", "maintenance.runtimeconfig.json", "runtimes/linux-x64/native/o.so"],
            (await UnpackAsync(await PackAsync(folder))).Keys);
    }

    [Fact]
    public async Task The_same_files_are_the_same_bytes_whenever_and_wherever_they_are_packed()
    {
        using var one = Program();
        using var other = Program();
        File.SetLastWriteTimeUtc(other.PathOf("Other.dll"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal(await PackAsync(one), await PackAsync(other));
        Assert.Equal(await new OwnProgram(one.Root).HashAsync(default), await new OwnProgram(other.Root).HashAsync(default));
        Put(other, "Other.dll", "another");
        Assert.NotEqual(await new OwnProgram(one.Root).HashAsync(default), await new OwnProgram(other.Root).HashAsync(default));
    }

    [Fact]
    public async Task What_is_unpacked_is_what_was_packed()
    {
        using var folder = Program();
        Assert.Equal("other", (await UnpackAsync(await PackAsync(folder)))["Other.dll"]);
    }

    [Fact]
    public async Task A_program_with_a_runtime_inside_or_in_one_file_is_not_given()
    {
        using var folder = Program();
        Put(folder, "maintenance.runtimeconfig.json", """{ "runtimeOptions": { "includedFrameworks": [] } }""");
        Assert.Null(await new OwnProgram(folder.Root).HashAsync(default));
        File.Delete(folder.PathOf("maintenance.deps.json"));
        Assert.Null(await new OwnProgram(folder.Root).HashAsync(default));
        await Assert.ThrowsAsync<IOException>(() => new OwnProgram(folder.Root).WriteAsync(Stream.Null, default));
    }

    private static ScratchFolder Program()
    {
        var folder = new ScratchFolder();
        Put(folder, "maintenance.dll", "program");
        Put(folder, "Other.dll", "other");
        Put(folder, "de/Other.resources.dll", "anderes");
        Put(folder, "runtimes/linux-x64/native/o.so", "native");
        Put(folder, "runtimes/android-x64/native/o.so", "native");
        Put(folder, "maintenance.deps.json", PartsText);
        Put(folder, "maintenance.runtimeconfig.json", """{ "runtimeOptions": { "frameworks": [] } }""");
        return folder;
    }

    private static void Put(ScratchFolder folder, string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(name))!);
        File.WriteAllText(folder.PathOf(name), text);
    }

    private static async Task<byte[]> PackAsync(ScratchFolder folder)
    {
        var stream = new MemoryStream();
        await new OwnProgram(folder.Root).WriteAsync(stream, default);
        return stream.ToArray();
    }

    private static async Task<SortedDictionary<string, string>> UnpackAsync(byte[] packed)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var archive = new TarReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        while (await archive.GetNextEntryAsync() is { } entry)
        {
            using var text = new StreamReader(entry.DataStream!);
            files.Add(entry.Name, await text.ReadToEndAsync());
        }

        return files;
    }
}
