using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>How deliveries stand, over HTTP and on the page.</summary>
public sealed class NotificationRequestTests : IAsyncLifetime
{
    private readonly PostOffice _post = new();

    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync((_, services) => services.AddSingleton<INotifier>(_post));
        _rig.Caller = _rig.Person("ann");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_list_says_who_was_told_what_and_never_the_words()
    {
        await TellAsync("n-1", "ann", "ben");
        var all = (await _rig.SendAsync(Routes.ListNotifications)).Json.EnumerateArray().ToList();
        Assert.Equal(["log", "person:ann", "person:ben"], all.Select(static line => line.GetProperty("recipient").GetString()).Order());
        Assert.DoesNotContain(all, static line => line.GetRawText().Contains("secret", StringComparison.Ordinal) || line.GetRawText().Contains('@', StringComparison.Ordinal));
        Assert.Equal(2, (await AskAsync("?state=waiting")).Json.GetArrayLength());
        Assert.Equal(1, (await AskAsync("?state=waiting&recipient=ann")).Json.GetArrayLength());
        Assert.Equal(1, (await AskAsync("?state=sent&take=1")).Json.GetArrayLength());
        Assert.Equal(0, (await AskAsync("?recipient=zoe")).Json.GetArrayLength());
        Assert.Equal(400, (await AskAsync("?state=x")).Status);
        Assert.Equal(400, (await AskAsync("?recipient=" + new string('x', 101))).Status);
    }

    [Fact]
    public async Task What_was_given_up_is_sent_again_by_api_and_by_button_and_anything_else_is_not()
    {
        await TellAsync("n-1", "ann", "ben");
        _post.Closed = static _ => new IOException("no route");
        await DeliverAsync(TimeSpan.FromDays(2));
        var failed = (await AskAsync("?state=failed")).Json.EnumerateArray().Select(static line => line.GetProperty("id").GetString()!).ToList();
        Assert.Equal(2, failed.Count);
        var page = (await _rig.SendAsync(Routes.NotificationsPage)).Body;
        Assert.Contains($"action=\"/notifications/{failed[0]}/resends\"", page, StringComparison.Ordinal);
        Assert.Contains("given up", page, StringComparison.Ordinal);
        Assert.Contains("2 notifications could not be delivered", (await _rig.SendAsync(Routes.Home)).Body, StringComparison.Ordinal);

        _post.Closed = static _ => null;
        Assert.Equal(202, (await _rig.SendAsync(Routes.ResendNotification, failed[0])).Status);
        Assert.Equal(409, (await _rig.SendAsync(Routes.ResendNotification, failed[0])).Status);
        Assert.Equal(302, (await _rig.SendAsync(Routes.ResendNotificationForm, failed[1], "")).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.ResendNotification, new string('0', 20))).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.ResendNotification, "../" + failed[0])).Status);
        await DeliverAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(3, (await AskAsync("?state=sent")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_test_says_what_came_of_it_by_api_and_on_the_page()
    {
        Assert.True((await _rig.SendAsync(Routes.TestNotification, body: new { to = "ben" })).Json.GetProperty("isDelivered").GetBoolean());
        Assert.True((await _rig.SendAsync(Routes.TestNotification, body: new { channel = "room" })).Json.GetProperty("isDelivered").GetBoolean());
        Assert.Equal(["mail:ben@registry.example", "webhook:room"], _post.Sent.Select(static sent => sent.To));
        _post.Closed = static _ => new IOException("<no> route");
        var page = await _rig.SendAsync(Routes.TestNotificationForm, body: "to=%23room");
        Assert.Contains("Test to webhook room: &lt;no&gt; route", page.Body, StringComparison.Ordinal);
        Assert.Equal(422, (await _rig.SendAsync(Routes.TestNotification, body: new { to = "zoe" })).Status);
        Assert.Equal(422, (await _rig.SendAsync(Routes.TestNotification, body: new { })).Status);
    }

    [Fact]
    public async Task Support_sees_them_administrators_test_and_nobody_else_does_either()
    {
        _rig.Caller = _rig.Person("ben");
        Assert.Equal(200, (await _rig.SendAsync(Routes.NotificationsPage)).Status);
        Assert.Equal(403, (await _rig.SendAsync(Routes.TestNotification, body: new { to = "ben" })).Status);
        Assert.DoesNotContain("Send a test", (await _rig.SendAsync(Routes.NotificationsPage)).Body, StringComparison.Ordinal);
        Assert.Contains("href=\"/notifications\"", (await _rig.SendAsync(Routes.Home)).Body, StringComparison.Ordinal);
        _rig.Caller = _rig.Person("cat");
        Assert.Equal(403, (await _rig.SendAsync(Routes.ListNotifications)).Status);
        Assert.Equal(403, (await _rig.SendAsync(Routes.NotificationsPage)).Status);
        Assert.DoesNotContain("href=\"/notifications\"", (await _rig.SendAsync(Routes.Home)).Body, StringComparison.Ordinal);
        Assert.Empty(_post.Sent);
    }

    [Fact]
    public async Task What_the_public_wrote_is_text_on_the_page()
    {
        await _rig.Get<NotificationService>().NotifyAsync(_rig.Get<ActivePlan>().Current, new Notification("n", "<script>alert(1)</script>", "x", "/tickets/T-1"), ["ann"], [], default);
        var page = (await _rig.SendAsync(Routes.NotificationsPage)).Body;
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    private async Task<RigAnswer> AskAsync(string query)
    {
        _rig.Query = query;
        var answer = await _rig.SendAsync(Routes.ListNotifications);
        _rig.Query = "";
        return answer;
    }

    private Task TellAsync(string id, params string[] people) =>
        _rig.Get<NotificationService>().NotifyAsync(_rig.Get<ActivePlan>().Current, new Notification(id, "About " + id, "The secret words.", "/tickets/T-1"), people, [], default);

    /// <summary>Lets time pass, an hour at a time at most.</summary>
    private async Task DeliverAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromHours(1))
        {
            _ = await _rig.Get<NotificationDelivery>().SweepAsync(default);
            _rig.Clock.Advance(left < TimeSpan.FromHours(1) ? left : TimeSpan.FromHours(1));
        }

        _ = await _rig.Get<NotificationDelivery>().SweepAsync(default);
    }
}
