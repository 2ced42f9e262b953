using Maintenance.Time;
using Maintenance.Web.Http;
using Maintenance.Windows;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What requests about windows say in their query. What cannot be read is 400, what can and makes no sense is 422.</summary>
internal static class WindowQuery
{
    /// <summary>The years of which the plan's times and the zones' rules say something.</summary>
    private static readonly (DateTimeOffset From, DateTimeOffset To) Years = (new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>An instant, or null where it is left out.</summary>
    /// <exception cref="HttpProblemException">It is none (400), or centuries away (422).</exception>
    public static DateTimeOffset? QueryInstant(this HttpContext http, string name)
    {
        if (!http.Request.Query.TryGetValue(name, out var values))
        {
            return null;
        }

        // A plus sign that nobody escaped arrives as a blank; no instant has a blank of its own.
        return !InstantText.TryParse(values.ToString().Replace(' ', '+'), out var instant)
            ? throw HttpProblemException.BadRequest($"The query's {name} is '{Short(values.ToString())}'. {InstantText.Hint}")
            : instant < Years.From || instant >= Years.To ? throw Wrong(name, "It is not between the years 2000 and 2199.")
            : instant;
    }

    /// <summary>A duration above zero, of the longest horizon at most.</summary>
    /// <exception cref="HttpProblemException">It is missing or none (400), or out of these bounds (422).</exception>
    public static TimeSpan QueryDuration(this HttpContext http, string name)
    {
        var text = http.Request.Query[name].ToString();
        return !Durations.TryParse(text, out var duration)
            ? throw HttpProblemException.BadRequest($"The query's {name} is {(text.Length == 0 ? "missing" : $"'{Short(text)}'")}. Write one such as 2h 30m (units w d h m s, the largest first).")
            : duration <= TimeSpan.Zero ? throw Wrong(name, "It is not above zero.")
            : duration > WindowPolicy.MostHorizon ? throw Wrong(name, $"It is longer than {Durations.Format(WindowPolicy.MostHorizon)}.")
            : duration;
    }

    /// <summary>Ids, repeated or with commas between; null where they are left out.</summary>
    /// <exception cref="HttpProblemException">It is there and names nothing (422): a script's empty variable is not a wish for all.</exception>
    public static IReadOnlyList<string>? QueryIds(this HttpContext http, string name)
    {
        if (!http.Request.Query.TryGetValue(name, out var values))
        {
            return null;
        }

        List<string> ids = [.. values.SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
        return ids.Count == 0 ? throw Wrong(name, "It names none; leave it out for all.") : ids;
    }

    /// <summary>422 about one field.</summary>
    public static HttpProblemException Wrong(string name, string what) => HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [what] });

    /// <summary>The beginning of what somebody sent, for repeating.</summary>
    public static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
