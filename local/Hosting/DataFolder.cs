using System.Security.Cryptography;
using System.Text.Json;

namespace Maintenance.Local.Hosting;

/// <summary>
/// The data folder of one installation: everything that it knows, in one place to copy. One process at a time owns it.
/// </summary>
/// <param name="path">The folder; made where it is missing, open to its owner alone.</param>
public sealed class DataFolder(string path)
{
    private const string TrackingKeyName = "tracking.key";
    private const string PassphraseName = "repository.passphrase";

    private readonly string _root = Path.GetFullPath(path);

    /// <summary>Records, queues and the workflow journal.</summary>
    public string Database => Path.Join(_root, "maintenance.db");

    /// <summary>Snapshots.</summary>
    public string Objects => Path.Join(_root, "objects");

    /// <summary>For proofs.</summary>
    public string Scratch => Path.Join(_root, "scratch");

    /// <summary>Where people who are not the operator restore.</summary>
    public string Restored => Path.Join(_root, "restored");

    /// <summary>The key of the tracking codes: without it nobody finds his feedback again.</summary>
    public string TrackingKeyFile => Path.Join(_root, TrackingKeyName);

    /// <summary>Where the passphrase of the backup repository lies, where no variable has it.</summary>
    public string RepositoryPassphraseFile => Path.Join(_root, PassphraseName);

    private string OperatorFile => Path.Join(_root, "operator.token");

    private string AddressFile => Path.Join(_root, "serving.json");

    /// <summary>
    /// Takes the folder for this process, until the result is disposed or the process ends, however it ends. Where the owner before was killed, the address that it
    /// announced is withdrawn at once: nobody may send the operator's token to whoever listens there now.
    /// </summary>
    /// <returns>Null where another process has it.</returns>
    public IDisposable? TryOwn()
    {
        Create();
        FileStream ownership;
        try
        {
            ownership = new FileStream(Path.Join(_root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            Withdraw();
            return ownership;
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>The key of the tracking codes; made at the first call.</summary>
    public byte[] TrackingKey() => Convert.FromHexString(Secret(TrackingKeyName, static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), out _));

    /// <summary>The operator's token; made at the first call.</summary>
    /// <param name="isNew">True where this call made it: the first start of the installation.</param>
    public string OperatorToken(out bool isNew) => Secret("operator.token", static () => "mo_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), out isNew);

    /// <summary>
    /// The passphrase of the backup repository: the variable <c>MAINTENANCE_PASSPHRASE</c> where it is set, else one that is made at the first call and lies beside
    /// the data. Whoever keeps it there should keep it somewhere else as well: with the data folder gone, nothing else opens a copy.
    /// </summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public string RepositoryPassphrase(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable("MAINTENANCE_PASSPHRASE") is { Length: > 0 } given
            ? given
            : Secret(PassphraseName, static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)), out _);
    }

    /// <summary>True where that passphrase lies in this folder, and nowhere else that this program knows of.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static bool IsPassphraseHere(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable("MAINTENANCE_PASSPHRASE") is not { Length: > 0 };
    }

    /// <summary>Says where this process serves, for the command line.</summary>
    public void Announce(Uri address) => Write(AddressFile, JsonSerializer.Serialize(new Serving(address)));

    /// <summary>Takes that back.</summary>
    public void Withdraw() => File.Delete(AddressFile);

    /// <summary>Where the process that owns the folder serves, and the operator's token; null where it does not say.</summary>
    public (Uri Address, string Token)? FindServer()
    {
        try
        {
            return JsonSerializer.Deserialize<Serving>(File.ReadAllText(AddressFile)) is { } serving ? (serving.Address, File.ReadAllText(OperatorFile).Trim()) : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // It does not serve yet, or no longer.
            return null;
        }
    }

    private string Secret(string name, Func<string> make, out bool isNew)
    {
        Create();
        var file = Path.Join(_root, name);
        isNew = !File.Exists(file);
        if (isNew)
        {
            Write(file, make());
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>Under its name only once it is whole, and readable by its owner alone from the first byte on.</summary>
    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(file + ".new", options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    private void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_root);
        }
        else
        {
            Directory.CreateDirectory(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private sealed record Serving(Uri Address);
}
