using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Maintenance.Tickets;
using Maintenance.Web.Http;

namespace Maintenance.Web.Api;

/// <summary>Reads acts on tickets, as programs send them: <c>{ "act": "wait", "for": "supplier", "reason": "Ordered." }</c>.</summary>
internal static class TicketActBody
{
    private static readonly string[] Names = [.. typeof(TicketAct).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(static one => (string)one.TypeDiscriminator!)];

    /// <summary>The act.</summary>
    /// <exception cref="HttpProblemException">There is no such act, or it does not say what it must (400); a text or id in it is none (422).</exception>
    public static TicketAct Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw HttpProblemException.BadRequest("An act is an object whose member 'act' says what is done: " + Choices());
        }

        try
        {
            if (!body.TryGetProperty("act", out var name) || name.ValueKind != JsonValueKind.String)
            {
                throw HttpProblemException.BadRequest("The member 'act' is missing, which says what is done: " + Choices());
            }

            if (!Names.Contains(name.GetString()))
            {
                throw HttpProblemException.BadRequest($"There is no act '{Cut(name.GetString()!)}'. Choose one of: {Choices()}");
            }

            return Checked(body.Deserialize<TicketAct>(MaintenanceJson.Strict)!);
        }
        catch (JsonException error)
        {
            throw HttpProblemException.BadRequest(MaintenanceJson.Describe(error));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which is no text.
            throw HttpProblemException.BadRequest("A text of the act is no Unicode.");
        }
    }

    /// <summary>The act, where its lists and ids are such.</summary>
    /// <exception cref="HttpProblemException">They are not (422).</exception>
    public static TicketAct Checked(TicketAct act)
    {
        var field = act switch
        {
            TicketAct.Triage { Skills: { } skills } when skills.Contains(null!) => "skills",
            TicketAct.Edit { Tags: { } tags } when tags.Contains(null!) => "tags",
            TicketAct.LinkArticle { Article: null } or TicketAct.UnlinkArticle { Article: null } => "article",
            TicketAct.Link link when !TicketEndpoints.IsId(link.Ticket) => "ticket",
            _ => null,
        };
        return field is null ? act : throw Invalid(field, field == "ticket" ? "Name another ticket, such as T-1042." : field == "article" ? "Name a document, such as call-in." : "There is an empty entry in the list.");
    }

    /// <summary>A problem with one field.</summary>
    public static HttpProblemException Invalid(string field, string message) => HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    private static string Choices() => string.Join(", ", Names) + ".";

    private static string Cut(string text) => text.Length > 40 ? text[..40] : text;
}
