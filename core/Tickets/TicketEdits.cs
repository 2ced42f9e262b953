namespace Maintenance.Tickets;

/// <summary>What changes a ticket and none of its clocks.</summary>
internal static class TicketEdits
{
    public static void Edit(TicketDraft draft, TicketAct.Edit act)
    {
        var before = draft.Ticket;
        var after = before with
        {
            Title = act.Title is null ? before.Title : TicketDraft.Need(act.Title.ReplaceLineEndings(" "), "title", "Write one line.", TicketRules.MaxTitle),
            Description = act.Description is null ? before.Description : TicketDraft.Need(act.Description, "description", "Say what it is about."),
            Tags = act.Tags is null ? before.Tags : TicketRules.TagsOf(act.Tags),
        };
        var changed = new List<string>();
        if (after.Title != before.Title)
        {
            changed.Add($"Title, before: {before.Title}");
        }

        if (after.Description != before.Description)
        {
            changed.Add("Description.");
        }

        if (!after.Tags.SequenceEqual(before.Tags))
        {
            changed.Add($"Tags: {(after.Tags.Count == 0 ? "none" : string.Join(", ", after.Tags))}.");
        }

        if (changed.Count > 0)
        {
            draft.Ticket = after;

            // What was said first is kept: a description that was overwritten would be lost.
            draft.Note(TicketEventKind.Edited, "Changed. " + string.Join(' ', changed), note: after.Description == before.Description ? null : "Description, before: " + before.Description);
        }
    }

    public static void Link(TicketDraft draft, TicketAct.Link act)
    {
        var ticket = draft.Ticket;
        var link = new TicketLink(act.Kind, act.Ticket);
        if (act.Ticket == ticket.Id)
        {
            throw new TicketActException("ticket", "A ticket cannot be linked to itself.");
        }

        if (!ticket.Links.Contains(link))
        {
            Fits("ticket", ticket.Links.Count, "links");
            draft.Ticket = ticket with { Links = [.. ticket.Links, link] };
            draft.Note(TicketEventKind.Edited, $"{Name(act.Kind)} {act.Ticket}.");
        }
    }

    public static void Unlink(TicketDraft draft, TicketAct.Unlink act)
    {
        var link = new TicketLink(act.Kind, act.Ticket);
        if (draft.Ticket.Links.Contains(link))
        {
            draft.Ticket = draft.Ticket with { Links = [.. draft.Ticket.Links.Where(other => other != link)] };
            draft.Note(TicketEventKind.Edited, $"No longer: {Name(act.Kind).ToLowerInvariant()} {act.Ticket}.");
        }
    }

    public static void LinkArticle(TicketDraft draft, string article)
    {
        if (draft.Plan.Knowledge.Find(article) is not { } document)
        {
            throw new TicketActException("article", $"The plan has no document '{(article.Length > 40 ? article[..40] : article)}'.");
        }

        if (!draft.Ticket.Articles.Contains(article))
        {
            Fits("article", draft.Ticket.Articles.Count, "articles");
            draft.Ticket = draft.Ticket with { Articles = [.. draft.Ticket.Articles, article] };
            draft.Note(TicketEventKind.Edited, $"Article: {document.Title}.");
        }
    }

    public static void UnlinkArticle(TicketDraft draft, string article)
    {
        if (draft.Ticket.Articles.Contains(article))
        {
            draft.Ticket = draft.Ticket with { Articles = [.. draft.Ticket.Articles.Where(other => other != article)] };
            draft.Note(TicketEventKind.Edited, $"No longer: article {draft.Plan.Knowledge.Find(article)?.Title ?? article}.");
        }
    }

    public static void Watch(TicketDraft draft, string person)
    {
        if (draft.Plan.FindPerson(person) is null)
        {
            throw new TicketActException("person", $"The plan has nobody with the id '{(person.Length > 40 ? person[..40] : person)}'.");
        }

        if (!draft.Ticket.Watchers.Contains(person))
        {
            Fits("person", draft.Ticket.Watchers.Count, "watchers");
            draft.Ticket = draft.Ticket with { Watchers = [.. draft.Ticket.Watchers, person] };
            draft.Note(TicketEventKind.Edited, $"{person} watches.");
        }
    }

    public static void Unwatch(TicketDraft draft, string person)
    {
        if (draft.Ticket.Watchers.Contains(person))
        {
            draft.Ticket = draft.Ticket with { Watchers = [.. draft.Ticket.Watchers.Where(other => other != person)] };
            draft.Note(TicketEventKind.Edited, $"{person} watches no longer.");
        }
    }

    public static void Attach(TicketDraft draft, TicketAttachment attachment)
    {
        if (draft.Ticket.Attachments.All(known => known.StoredAs != attachment.StoredAs))
        {
            Fits("file", draft.Ticket.Attachments.Count, "attachments");
            draft.Ticket = draft.Ticket with { Attachments = [.. draft.Ticket.Attachments, attachment] };

            // The name of a file that is not for the requester is not for them either.
            var what = $"Attached: {attachment.Name} ({attachment.Bytes} bytes).";
            draft.Note(TicketEventKind.Edited, attachment.IsPublic ? what : "Attached a file.", note: attachment.IsPublic ? null : what);
        }
    }

    private static void Fits(string field, int count, string what)
    {
        if (count >= TicketRules.MaxListed)
        {
            throw new TicketActException(field, $"A ticket has at most {TicketRules.MaxListed} {what}.");
        }
    }

    private static string Name(TicketLinkKind kind) => kind switch
    {
        TicketLinkKind.DuplicateOf => "Duplicate of",
        TicketLinkKind.CausedBy => "Caused by",
        _ => "Blocked by",
    };
}
