using Maintenance.BrowserTests.Browsing;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Screenshots;

/// <summary>Takes the pictures of the documents: <c>docs/screenshots.sh</c> asks for them.</summary>
[Collection(JourneysGroup.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ScreenshotTests(Browsers browsers)
{
    /// <summary>In bytes: a reader on a slow line waits for them.</summary>
    private const int LargestPicture = 150 * 1024;

    [ScreenshotFact]
    public async Task Every_picture_is_taken_and_small()
    {
        var folder = Directory.CreateDirectory(ScreenshotFactAttribute.Folder!).FullName;
        await using var office = await SampleOffice.OpenAsync();
        var large = new List<string>();
        foreach (var picture in Picture.All)
        {
            await using var visit = picture.Person is null ? await browsers.OpenAsync(office.Server, picture.Look) : await browsers.SignInAsync(office.Server, picture.Person, picture.Look);
            var answer = await visit.Page.GotoAsync(picture.Address.Replace(SampleOffice.UrgentTicket, office.Urgent, StringComparison.Ordinal));
            Assert.True(answer!.Ok, $"{picture.Address}: {answer.Status}");

            // Where it happened to lie is nobody's business.
            _ = await visit.AskAsync<object?>(
                """
                ([root, shown]) => {
                    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                    while (texts.nextNode()) { texts.currentNode.data = texts.currentNode.data.replaceAll(root, shown); }
                }
                """,
                new[] { office.Root, "/srv/civreg" });
            var bytes = await visit.Page.ScreenshotAsync(new() { Type = ScreenshotType.Png, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
            await File.WriteAllBytesAsync(Path.Join(folder, picture.File + ".png"), bytes);
            if (bytes.Length > LargestPicture)
            {
                large.Add($"{picture.File}: {bytes.Length / 1024} KiB");
            }

            await visit.EndAsync();
        }

        Assert.True(large.Count == 0, $"Over {LargestPicture / 1024} KiB: {string.Join(", ", large)}");
    }
}

/// <summary>Runs where the variable names the folder for the pictures, and there is a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScreenshotFactAttribute : FactAttribute
{
    private const string Variable = "MAINTENANCE_SCREENSHOTS";

    public ScreenshotFactAttribute() => Skip = Folder is null ? $"{Variable} names no folder: docs/screenshots.sh sets it." : Chromium.SkipReason;

    /// <summary>Where the pictures go; null where none are asked for.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;
}
