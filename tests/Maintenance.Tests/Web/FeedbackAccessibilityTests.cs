using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Web;

/// <summary>
/// What WCAG 2.2 asks of the public pages and can be seen in their source: language, names of fields, errors that are told with their fields, order of headings, contrast.
/// There is nothing on them that a script or another site brings, nor that a keyboard does not reach.
/// </summary>
public sealed partial class FeedbackAccessibilityTests
{
    private static readonly string Plan = Office.QuickPlan.Replace("timeZone: UTC", "timeZone: UTC, languages: [en, fr]", StringComparison.Ordinal);

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task Every_public_page_can_be_used_by_everybody(string language)
    {
        await using var rig = await FeedbackFormTests.StartAsync(Plan);
        rig.Query = "?lang=" + language;
        var thanks = (await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=stopped&message=Blank")).Body;
        var (reference, code) = FeedbackFormTests.Codes(thanks);
        await FeedbackFormTests.DeliverAsync(rig);
        var access = $"reference={reference}&code={code}";
        var pages = new Dictionary<string, string>
        {
            ["form"] = (await rig.SendAsync(Routes.FeedbackForm)).Body,
            ["errors"] = (await rig.SendAsync(Routes.SendFeedbackForm, body: $"kind=x&message=&service=x&name={new string('x', 201)}&contact={new string('x', 201)}")).Body,
            ["thanks"] = thanks,
            ["tracking form"] = (await rig.SendAsync(Routes.TrackingForm)).Body,
            ["no match"] = (await rig.SendAsync(Routes.TrackFeedbackForm, body: "reference=F-1&code=x")).Body,
            ["open"] = (await rig.SendAsync(Routes.TrackFeedbackForm, body: access)).Body,
            ["rating"] = (await rig.SendAsync(Routes.RatingForm)).Body,
            ["survey"] = (await rig.SendAsync(Routes.SurveyForm)).Body,
            ["not asked"] = (await rig.SendAsync(Routes.AnswerSurveyForm, body: access + "&score=9")).Body,
        };
        _ = await rig.Get<TicketService>().ActAsync("T-1001", new TicketAct.Resolve("Mended."), new TicketActor("ben", true), null, null, default);
        pages["resolved"] = (await rig.SendAsync(Routes.TrackFeedbackForm, body: access)).Body;
        pages["rated"] = (await rig.SendAsync(Routes.RateFeedbackForm, body: access + "&score=2")).Body;
        foreach (var (name, html) in pages)
        {
            Check(name, Markup.Parse(html), language);
        }
    }

    [Fact]
    public void Text_stands_out_from_what_is_behind_it()
    {
        // As browsers get it, from all of its parts.
        var css = Encoding.UTF8.GetString(SiteAssets.Find("site.css")!.Content.Span);
        foreach (var colours in new[] { Colours(css[..css.IndexOf("@media", StringComparison.Ordinal)]), Colours(css[css.IndexOf("prefers-color-scheme: dark", StringComparison.Ordinal)..]) })
        {
            foreach (var (text, behind) in new[]
            {
                ("--text", "--page"), ("--text", "--card"), ("--muted", "--page"), ("--muted", "--card"), ("--link", "--page"), ("--link", "--card"), ("--bad", "--page"), ("--bad", "--card"),
                ("--good", "--page"), ("--good", "--card"), ("--warn", "--page"), ("--warn", "--card"),
            })
            {
                Assert.True(Contrast(colours[text], colours[behind]) >= 4.5, $"{text} on {behind}: {Contrast(colours[text], colours[behind]):0.00}");
            }

            Assert.True(Contrast("#ffffff", colours["--top"]) >= 4.5);
        }

        Assert.True(Contrast("#ffffff", Colours(css)["--accent"]) >= 4.5);
    }

    private static void Check(string page, Markup markup, string language)
    {
        var elements = markup.Elements.ToList();
        Assert.Equal(language, elements.Single(static tag => tag.Name == "html")["lang"]);
        Assert.Single(elements, static tag => tag.Name == "h1");
        Assert.Single(elements, static tag => tag.Name == "main");
        Assert.Contains(elements, static tag => tag.Name == "title");
        Assert.Contains(elements, static tag => tag.Name == "a" && tag["class"] == "skip" && tag["href"] == "#main");
        Assert.DoesNotContain(elements, static tag => tag.Name is "script" or "iframe" or "object" or "embed" or "style");
        Assert.DoesNotContain(elements.SelectMany(static tag => tag.Attributes.Keys), static name => name == "style" || name.StartsWith("on", StringComparison.Ordinal));
        Assert.All(elements.SelectMany(static tag => new[] { tag["href"], tag["src"], tag["action"] }).OfType<string>(), static address => Assert.Matches("^[/#?]", address));

        var ids = elements.Select(static tag => tag["id"]).OfType<string>().ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var labels = elements.Where(static tag => tag.Name == "label").Select(static tag => tag["for"]).OfType<string>().ToList();
        Assert.All(labels, label => Assert.Contains(label, ids));
        foreach (var field in elements.Where(static tag => (tag.Name is "select" or "textarea" || (tag.Name == "input" && tag["type"] is null)) && tag["type"] != "hidden"))
        {
            Assert.True(labels.Contains(field["id"] ?? ""), $"{page}: {field["name"]} has no label");
        }

        foreach (var described in elements.Select(static tag => tag["aria-describedby"]).OfType<string>().SelectMany(static list => list.Split(' ')))
        {
            Assert.True(ids.Contains(described), $"{page}: {described} describes, and is not there");
        }

        // A choice lies in its own label, in a group with a question.
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i]["type"] == "radio")
            {
                Assert.Equal(("label", "choice"), (elements[i - 1].Name, elements[i - 1]["class"]));
            }
        }

        Assert.Equal(elements.Count(static tag => tag.Name == "fieldset"), elements.Count(static tag => tag.Name == "legend"));
        Assert.All(elements.Where(static tag => tag["tabindex"] is not null), static tag => Assert.Equal(("-1", "website"), (tag["tabindex"], tag["name"])));
        if (page is "errors")
        {
            Assert.Equal(["kind-error", "service-error", "message-error", "name-error", "contact-error"], ids.Where(static id => id.EndsWith("-error", StringComparison.Ordinal)));
            Assert.Contains(elements, static tag => tag["role"] == "alert");
            Assert.Equal(4, elements.Count(static tag => tag["aria-invalid"] == "true"));
        }

        if (page is not "thanks")
        {
            Assert.Contains(elements, tag => tag["lang"] == (language == "en" ? "fr" : "en"));
        }

        if (language == "fr")
        {
            Assert.DoesNotMatch(EnglishWords(), markup.Text.Replace("Stopped", "", StringComparison.Ordinal).Replace("Mended.", "", StringComparison.Ordinal));
        }
    }

    private static Dictionary<string, string> Colours(string css) =>
        Colour().Matches(css).DistinctBy(static match => match.Groups[1].Value).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);

    /// <summary>WCAG 2.2, "contrast ratio".</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }

    [GeneratedRegex(@"(--[a-z-]+):\s*(#[0-9a-f]{6})")]
    private static partial Regex Colour();

    [GeneratedRegex(@"\b(the|your|please|feedback|send|solved|what|this|of|and)\b", RegexOptions.IgnoreCase)]
    private static partial Regex EnglishWords();
}
