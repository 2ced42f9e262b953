using System.Globalization;
using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Backups.Retention;

/// <summary>A timeline of snapshots that somebody wrote down, to see what retention would make of it.</summary>
/// <param name="Candidates">The snapshots.</param>
/// <param name="Zone">The zone of the buckets; null where the file leaves it to its reader.</param>
/// <param name="Rules">The rules; null where the file leaves them to its reader.</param>
/// <param name="ImmutableFor">How long nobody may drop a snapshot; null where the file leaves it to its reader.</param>
/// <remarks>
/// The file is <c>{ "timeZone": "Africa/Nairobi", "rules": { "last": 3, "daily": 7, "within": "2d", "minimum": 2 }, "immutableFor": "7d", "snapshots": [
/// { "id": "a", "at": "2026-11-22T02:00:00Z", "source": "x", "health": "proven", "held": false, "heldUntil": "2027-01-01T00:00:00Z" } ] }</c>.
/// Only <c>snapshots</c>, and in each <c>id</c> and <c>at</c>, must be there; a snapshot is proven and not held unless it says so.
/// </remarks>
public sealed record RetentionTimeline(IReadOnlyList<RetentionCandidate> Candidates, DateTimeZone? Zone, RetentionRules? Rules, TimeSpan? ImmutableFor)
{
    /// <summary>Reads a timeline.</summary>
    /// <param name="json">JSON; comments and trailing commas are allowed, since people write it.</param>
    /// <exception cref="FormatException">Something is wrong: the message says what and where (<c>snapshots[3].at</c>), one problem a line, all at once.</exception>
    public static RetentionTimeline Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
            var reader = new Reader();
            var timeline = reader.Timeline(document.RootElement);
            return reader.Problems.Count == 0 ? timeline : throw new FormatException(string.Join('\n', reader.Problems));
        }
        catch (JsonException broken)
        {
            throw new FormatException($"The timeline is not JSON: {broken.Message}", broken);
        }
    }

    /// <summary>What retention makes of the timeline. What the file says goes before what the caller says.</summary>
    /// <param name="now">The instant of the decision (UTC).</param>
    /// <param name="rules">The rules where the file has none; null for none.</param>
    /// <param name="zone">The zone where the file has none; null for UTC.</param>
    /// <param name="immutableFor">How long nobody may drop a snapshot where the file does not say.</param>
    public RetentionExplanation Explain(DateTimeOffset now, RetentionRules? rules = null, DateTimeZone? zone = null, TimeSpan immutableFor = default) =>
        RetentionExplanation.Of(Candidates, Rules ?? rules ?? RetentionRules.KeepEverything, Zone ?? zone ?? DateTimeZone.Utc, now, ImmutableFor ?? immutableFor);

    /// <summary>Walks the document and collects problems; a value that is wrong is replaced by a harmless one, so that the walk goes on.</summary>
    private sealed class Reader
    {
        public List<string> Problems { get; } = [];

        public RetentionTimeline Timeline(JsonElement root)
        {
            if (!IsObject(root, "", "timeZone", "rules", "immutableFor", "snapshots"))
            {
                return new RetentionTimeline([], null, null, null);
            }

            DateTimeZone? zone = null;
            if (Text(root, "", "timeZone") is { } id && (zone = WallClock.FindZone(id)) is null)
            {
                Report("timeZone", $"there is no time zone '{id}'; an IANA id such as Africa/Nairobi is expected");
            }

            var rules = root.TryGetProperty("rules", out var written) ? Rules(written) : null;
            return new RetentionTimeline(Snapshots(root), zone, rules, Duration(root, "", "immutableFor"));
        }

        private RetentionRules? Rules(JsonElement rules) =>
            !IsObject(rules, "rules", "last", "hourly", "daily", "weekly", "monthly", "yearly", "within", "minimum")
                ? null
                : new RetentionRules(
                    Count(rules, "last"), Count(rules, "hourly"), Count(rules, "daily"), Count(rules, "weekly"), Count(rules, "monthly"), Count(rules, "yearly"),
                    Duration(rules, "rules", "within"), Count(rules, "minimum"));

        private List<RetentionCandidate> Snapshots(JsonElement root)
        {
            var candidates = new List<RetentionCandidate>();
            if (!root.TryGetProperty("snapshots", out var snapshots) || snapshots.ValueKind != JsonValueKind.Array)
            {
                Report("snapshots", "a list of snapshots is expected");
                return candidates;
            }

            var first = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (index, snapshot) in snapshots.EnumerateArray().Index())
            {
                var path = $"snapshots[{index}]";
                if (!IsObject(snapshot, path, "id", "at", "source", "health", "held", "heldUntil"))
                {
                    continue;
                }

                var id = Text(snapshot, path, "id");
                if (string.IsNullOrEmpty(id))
                {
                    Missing(snapshot, path, "id", "a name for it");
                }
                else if (!first.TryAdd(id, path))
                {
                    Report($"{path}.id", $"{first[id]} has the id '{id}' already");
                }

                var at = Instant(snapshot, path, "at");
                if (at is null)
                {
                    Missing(snapshot, path, "at", "its recovery point, such as 2026-11-22T02:00:00Z,");
                }

                candidates.Add(new RetentionCandidate(
                    id ?? path, Text(snapshot, path, "source") ?? "", at ?? default, Health(snapshot, path), Flag(snapshot, path, "held"), Instant(snapshot, path, "heldUntil")));
            }

            return candidates;
        }

        private SnapshotHealth Health(JsonElement snapshot, string path)
        {
            switch (Text(snapshot, path, "health"))
            {
                case null or "proven":
                    return SnapshotHealth.Proven;
                case "unproven":
                    return SnapshotHealth.Unproven;
                case "corrupt":
                    return SnapshotHealth.Corrupt;
                case { } other:
                    Report($"{path}.health", $"'{other}' is none of proven, unproven, corrupt. {Nearest.Hint(other, ["proven", "unproven", "corrupt"])}".TrimEnd());
                    return SnapshotHealth.Unproven;
            }
        }

        private DateTimeOffset? Instant(JsonElement parent, string path, string name)
        {
            if (Text(parent, path, name) is not { } text)
            {
                return null;
            }

            // K also takes text without an offset, as a time of this machine's zone: that would be another instant on another machine.
            var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
            if (hasOffset
                && DateTimeOffset.TryParseExact(
                    text, ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            {
                return instant.ToUniversalTime();
            }

            Report(Join(path, name), $"'{text}' is not an instant with its offset, such as 2026-11-22T02:00:00Z or 2026-11-22T05:00:00+03:00");
            return null;
        }

        private TimeSpan? Duration(JsonElement parent, string path, string name)
        {
            if (Text(parent, path, name) is not { } text)
            {
                return null;
            }

            if (Durations.TryParse(text, out var duration))
            {
                return duration;
            }

            Report(Join(path, name), $"'{text}' is not a duration, such as 36h or 2d 12h");
            return null;
        }

        private int Count(JsonElement rules, string name)
        {
            if (!rules.TryGetProperty(name, out var value))
            {
                return 0;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0)
            {
                return count;
            }

            Report($"rules.{name}", $"{value.GetRawText()} is not a whole number from 0");
            return 0;
        }

        private bool Flag(JsonElement parent, string path, string name)
        {
            if (parent.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                Report(Join(path, name), $"{value.GetRawText()} is neither true nor false");
                return false;
            }

            return value.ValueKind == JsonValueKind.True;
        }

        /// <summary>The text of a member; null where it is missing, and where it is no text, which is reported.</summary>
        private string? Text(JsonElement parent, string path, string name)
        {
            if (!parent.TryGetProperty(name, out var value))
            {
                return null;
            }

            if (value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }

            Report(Join(path, name), $"{value.GetRawText()} is not text in quotes");
            return null;
        }

        private bool IsObject(JsonElement element, string path, params string[] members)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                Report(path, $"an object with {string.Join(", ", members)} is expected");
                return false;
            }

            foreach (var member in element.EnumerateObject().Where(member => !members.Contains(member.Name)))
            {
                // A misspelt rule that were passed over would drop what somebody means to keep.
                Report(Join(path, member.Name), $"there is no such member; known are {string.Join(", ", members)}. {Nearest.Hint(member.Name, members)}".TrimEnd());
            }

            return true;
        }

        /// <summary>Reports a member that must be there; one that is there and wrong has been reported already.</summary>
        private void Missing(JsonElement parent, string path, string name, string what)
        {
            if (!parent.TryGetProperty(name, out var value) || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0 && name == "id"))
            {
                Report(Join(path, name), $"{what} is missing");
            }
        }

        private void Report(string path, string problem) => Problems.Add(path.Length == 0 ? problem : $"{path}: {problem}");

        private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
    }
}
