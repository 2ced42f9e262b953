using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Plan;

/// <summary>
/// The files that belong to a plan's text though they stand beside it (a calendar's holidays, the documents): read once each. They are compared and stored with the plan, so that a
/// change of one is a change of the plan, and a host that has lost one still runs the plan as it was.
/// </summary>
/// <param name="folder">The absolute folder of the plan.</param>
/// <param name="given">The texts by path where they do not come from the folder; null where they do.</param>
internal sealed class PlanIncludes(string folder, IReadOnlyDictionary<string, string>? given)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>What was read, by path as the plan names it.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The text of a file.</summary>
    /// <param name="path">Relative to the folder.</param>
    /// <param name="maxBytes">How large it may be.</param>
    /// <param name="problem">Why it cannot be read, or null.</param>
    public string? Read(string path, int maxBytes, out string? problem)
    {
        problem = null;
        if (_texts.TryGetValue(path, out var text))
        {
            return text;
        }

        if (given is not null)
        {
            problem = given.TryGetValue(path, out text) ? null : "it is not stored with the plan.";
        }
        else
        {
            text = FromFolder(path, maxBytes, out problem);
        }

        if (text is not null)
        {
            _texts[path] = text;
        }

        return text;
    }

    /// <summary>
    /// The names of a folder's Markdown files, in ordinal order; hidden ones and those in folders of its own are not of it. What was found is kept beside the texts, under
    /// the folder's path with a slash behind it: so a file that comes or goes changes the plan too.
    /// </summary>
    /// <param name="path">The folder, relative to the plan's.</param>
    /// <param name="problem">Why it cannot be read, or null.</param>
    public IReadOnlyList<string>? List(string path, out string? problem) =>
        Read(path + "/", int.MaxValue, out problem)?.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>True for what stands for the list of a folder's files rather than for a file.</summary>
    public static bool IsList(string path) => path.EndsWith('/');

    /// <summary>True when the files of a folder are those that were read from it before.</summary>
    public static bool AreStill(string folder, IReadOnlyDictionary<string, string> texts)
    {
        var now = new PlanIncludes(folder, null);
        return texts.All(before => now.Read(before.Key, int.MaxValue, out _) == before.Value);
    }

    /// <summary>SHA-256 of a plan's text and of its files, in hex. Of the text alone where there are none.</summary>
    public static string Hash(string yaml, IReadOnlyDictionary<string, string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(yaml));
        foreach (var (path, text) in texts.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{path}\0"));
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string? FromFolder(string path, int maxBytes, out string? problem)
    {
        try
        {
            var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
            var full = Path.GetFullPath(path, folder);
            if (!full.StartsWith(root, StringComparison.Ordinal))
            {
                problem = "it is not below the plan's folder.";
                return null;
            }

            if (IsList(path))
            {
                problem = null;
                return string.Concat(Directory.EnumerateFiles(full, "*.md").Select(static file => Path.GetFileName(file)).Where(static name => name[0] != '.').Order(StringComparer.Ordinal).Select(static name => name + "\n")) + "\n";
            }

            using var file = File.OpenRead(full);
            if (file.Length > maxBytes)
            {
                problem = $"it has {file.Length.ToString(CultureInfo.InvariantCulture)} bytes; at most {maxBytes.ToString(CultureInfo.InvariantCulture)} are read.";
                return null;
            }

            using var reader = new StreamReader(file, StrictUtf8, detectEncodingFromByteOrderMarks: true);
            problem = null;
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            problem = "it is not text in UTF-8.";
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = error is FileNotFoundException or DirectoryNotFoundException ? (IsList(path) ? "there is no such folder." : "there is no such file.") : $"it cannot be read: {error.Message}";
            return null;
        }
    }
}
