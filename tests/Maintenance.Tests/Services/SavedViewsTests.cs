using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

public sealed class SavedViewsTests
{
    [Fact]
    public async Task A_view_is_its_owners_and_a_name_is_one_view_whatever_its_case()
    {
        await using var office = new Office();
        var views = new SavedViews(office.Records);
        await views.KeepAsync("ann", new SavedView(" Mine ", "?assignee=me"), default);
        await views.KeepAsync("ann", new SavedView("a waiting one", "state=waiting"), default);
        await views.KeepAsync("ann", new SavedView("MINE", "assignee=me&state=new"), default);
        await views.KeepAsync("directory:1", new SavedView("Mine", "tag=x"), default);
        Assert.Equal([new SavedView("a waiting one", "state=waiting"), new SavedView("MINE", "assignee=me&state=new")], await views.ListAsync("ann", default));
        Assert.Equal([new SavedView("Mine", "tag=x")], await views.ListAsync("directory:1", default));
        await views.ForgetAsync("ann", "mine", default);
        await views.ForgetAsync("ann", "mine", default);
        Assert.Equal(["a waiting one"], (await views.ListAsync("ann", default)).Select(static view => view.Name));
    }

    [Fact]
    public async Task What_has_no_name_asks_for_nothing_or_is_one_too_many_is_refused()
    {
        await using var office = new Office();
        var views = new SavedViews(office.Records);
        foreach (var (name, query, field) in new[] { ("", "a=b", "name"), (new string('x', 61), "a=b", "name"), ("a\nb", "a=b", "name"), ("a", "", "query"), ("a", "?", "query"), ("a", new string('x', 1001), "query") })
        {
            Assert.Equal(field, (await Assert.ThrowsAsync<SavedViewException>(() => views.KeepAsync("ann", new SavedView(name, query), default))).Field);
        }

        for (var one = 0; one < SavedViews.Most; one++)
        {
            await views.KeepAsync("ann", new SavedView($"View {one}", "a=b"), default);
        }

        await Assert.ThrowsAsync<SavedViewException>(() => views.KeepAsync("ann", new SavedView("One more", "a=b"), default));
        await views.KeepAsync("ann", new SavedView("view 7", "c=d"), default);
        Assert.Equal(SavedViews.Most, (await views.ListAsync("ann", default)).Count);
    }
}
