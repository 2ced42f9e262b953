using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>A fact that asks restic: skipped, and said so, where there is none.</summary>
internal sealed class ResticFactAttribute : FactAttribute
{
    public ResticFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!folders.Any(static folder => File.Exists(Path.Join(folder, OperatingSystem.IsWindows() ? "restic.exe" : "restic"))))
        {
            Skip = "restic is not on the PATH (Debian: apt-get install restic).";
        }
    }
}

/// <summary>What restic does with one snapshot, and why.</summary>
/// <param name="Id">The snapshot's id.</param>
/// <param name="Reasons">What keeps it; empty where it is forgotten.</param>
internal sealed record ResticVerdict(string Id, IReadOnlyList<string> Reasons);

/// <summary>
/// A repository made by restic, into which snapshots are written by the thousand: the files of its format (JSON, AES-256-CTR, Poly1305-AES; see restic's design
/// document), since <c>restic backup</c> takes a second for each. That restic lists every one of them shows that it takes them for its own.
/// </summary>
internal sealed class ResticRepository : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly byte[] _encrypt;
    private readonly byte[] _macKey;
    private readonly byte[] _macMask;

    public ResticRepository()
    {
        _ = Run("init", "--quiet");
        using var key = JsonDocument.Parse(Run("cat", "masterkey"));
        _encrypt = key.RootElement.GetProperty("encrypt").GetBytesFromBase64();
        _macKey = key.RootElement.GetProperty("mac").GetProperty("k").GetBytesFromBase64();
        _macMask = key.RootElement.GetProperty("mac").GetProperty("r").GetBytesFromBase64();
    }

    /// <summary>Adds a snapshot.</summary>
    /// <param name="host">What restic groups by.</param>
    /// <param name="at">Its time with the offset of the machine's zone, as restic notes it; restic buckets by this wall-clock time.</param>
    /// <returns>Its id.</returns>
    public string Add(string host, DateTimeOffset at)
    {
        // Go reads no \u002B in a time, so the plus of an offset stays as it is.
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            time = at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            tree = new string('0', 64),
            paths = new[] { "/stdin" },
            hostname = host,
            username = "test",
        }, MaintenanceJson.Options);
        var nonce = RandomNumberGenerator.GetBytes(16);
        var cipher = Counter(json, nonce);
        byte[] file = [.. nonce, .. cipher, .. Poly1305(cipher, nonce)];
        var id = Convert.ToHexStringLower(SHA256.HashData(file));
        File.WriteAllBytes(_folder.PathOf(Path.Join("repository", "snapshots", id)), file);
        return id;
    }

    /// <summary>What <c>restic forget</c> would keep, host by host.</summary>
    public IReadOnlyList<ResticVerdict> Forget(params string[] rules)
    {
        using var groups = JsonDocument.Parse(Run(["forget", "--dry-run", "--json", "--group-by", "host", .. rules]));
        var verdicts = new List<ResticVerdict>();
        foreach (var group in groups.RootElement.EnumerateArray())
        {
            // The reasons stand in the order of what is kept; older versions leave the id out of them.
            var reasons = Listed(group, "reasons").Select(static reason => Listed(reason, "matches").Select(static match => match.GetString()!).ToList());
            verdicts.AddRange(Listed(group, "keep").Zip(reasons, static (kept, why) => new ResticVerdict(Id(kept), why)));
            verdicts.AddRange(Listed(group, "remove").Select(static removed => new ResticVerdict(Id(removed), [])));
        }

        return verdicts;
    }

    public void Dispose() => _folder.Dispose();

    private static string Id(JsonElement snapshot) => snapshot.GetProperty("id").GetString()!;

    /// <summary>restic writes an empty list as null.</summary>
    private static JsonElement[] Listed(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("restic", ["--no-cache", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RESTIC_REPOSITORY"] = _folder.PathOf("repository");
        start.Environment["RESTIC_PASSWORD"] = "oracle";
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), "restic does not end");
        Assert.True(process.ExitCode == 0, $"restic {string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    private byte[] Counter(byte[] plain, byte[] nonce)
    {
        using var aes = Aes.Create();
        aes.Key = _encrypt;
        var counter = new BigInteger(nonce, isUnsigned: true, isBigEndian: true);
        var cipher = new byte[plain.Length];
        for (var at = 0; at < plain.Length; at++)
        {
            if (at % 16 == 0)
            {
                aes.EncryptEcb(BigEndian(counter + (at / 16)), PaddingMode.None).AsSpan(0, Math.Min(16, plain.Length - at)).CopyTo(cipher.AsSpan(at));
            }

            cipher[at] ^= plain[at];
        }

        return cipher;
    }

    private byte[] Poly1305(byte[] cipher, byte[] nonce)
    {
        using var aes = Aes.Create();
        aes.Key = _macKey;
        var prime = (BigInteger.One << 130) - 5;
        var mask = new BigInteger(_macMask, isUnsigned: true) & BigInteger.Parse("0ffffffc0ffffffc0ffffffc0fffffff", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var sum = BigInteger.Zero;
        foreach (var block in cipher.Chunk(16))
        {
            sum = (sum + new BigInteger([.. block, 1], isUnsigned: true)) * mask % prime;
        }

        sum += new BigInteger(aes.EncryptEcb(nonce, PaddingMode.None), isUnsigned: true);
        var tag = new byte[16];
        (sum & ((BigInteger.One << 128) - 1)).TryWriteBytes(tag, out _, isUnsigned: true);
        return tag;
    }

    private static byte[] BigEndian(BigInteger counter)
    {
        var block = (counter & ((BigInteger.One << 128) - 1)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[16 - block.Length], .. block];
    }
}
