using System.Globalization;
using Maintenance.Plan;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>In which language a page that everybody may see is shown.</summary>
internal static class PublicLanguage
{
    /// <summary>A browser sends a handful; what comes behind these is read no more.</summary>
    private const int MostPreferences = 20;

    /// <summary>The words of the page: what the address asks for (<c>?lang=fr</c>); else what the browser prefers (Accept-Language); else the system's first language. Only languages that the system speaks.</summary>
    public static PublicWords WordsOf(HttpContext http, OperationsPlan plan)
    {
        var language = Find(http.Request.Query["lang"].ToString(), plan) ?? Preferred(http.Request.Headers.AcceptLanguage.ToString(), plan) ?? plan.System.Languages[0];
        http.Response.Headers.ContentLanguage = PublicWords.TagOf(language);
        return PublicWords.Of(language);
    }

    private static Language? Preferred(string header, OperationsPlan plan)
    {
        var preferences = new List<(Language? Language, double Weight)>();
        foreach (var part in header.Split(',', MostPreferences + 1).Take(MostPreferences))
        {
            var fields = part.Split(';', 3);
            var weight = fields.Length == 1 ? 1
                : fields[1].Trim() is ['q' or 'Q', '=', .. var text] && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given) ? given
                : 0;
            var tag = fields[0].Trim();
            preferences.Add((tag == "*" ? plan.System.Languages[0] : Find(tag.Split('-', 2)[0], plan), weight));
        }

        return preferences.Where(static one => one is { Language: not null, Weight: > 0 }).OrderByDescending(static one => one.Weight).FirstOrDefault().Language;
    }

    private static Language? Find(string tag, OperationsPlan plan)
    {
        foreach (var language in plan.System.Languages)
        {
            if (string.Equals(PublicWords.TagOf(language), tag, StringComparison.OrdinalIgnoreCase))
            {
                return language;
            }
        }

        return null;
    }
}
