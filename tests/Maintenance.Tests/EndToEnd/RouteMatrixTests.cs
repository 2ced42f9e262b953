using System.Net;
using Maintenance.Web.Http;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Every route, as everybody: route-matrix.txt says what is answered, and these tests try it against a host that serves.</summary>
[Collection("End to end: surface")]
public sealed class RouteMatrixTests : IAsyncLifetime
{
    private static readonly string Artifact = "sha256:" + new string('1', 64);

    private readonly RunningRegister _register = new(new QuickPlan
    {
        MorePeople =
        [
            "  - { id: zoe, name: Zoe Zimmer, roles: [guest] }", "  - { id: pat, name: Pat Penn, roles: [clerk] }", "  - { id: mia, name: Mia Moreau, roles: [dba] }",
        ],
    });

    /// <summary>Who stands for each role of the table. The requester of the patch is somebody else, so that the approver may vote.</summary>
    private static readonly Dictionary<string, string?> People = new(StringComparer.Ordinal)
    {
        ["anonymous"] = null,
        ["requester"] = "pat",
        ["support"] = "sam",
        ["maintainer"] = "mia",
        ["approver"] = "lee",
        ["administrator"] = "ada",
    };

    /// <summary>
    /// What is sent where the handler decides who may: an empty request would be refused for saying nothing before anybody looks who sent it. Each either changes nothing
    /// or leaves things as the next one expects them. Forms as fields, the API as JSON; all others get an empty form or <c>{}</c>.
    /// </summary>
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        [nameof(Routes.ActOnTicketForm)] = "act=comment&text=Seen",
        [nameof(Routes.ActOnTicket)] = """{"act":"comment","text":"Seen"}""",
        [nameof(Routes.AnswerTicketForm)] = "text=Seen",
        [nameof(Routes.RespondToTicket)] = """{"text":"Seen"}""",
        [nameof(Routes.VotePatchForm)] = "choice=approve",
        [nameof(Routes.VotePatch)] = """{"choice":"approve"}""",
        [nameof(Routes.RevisePatchForm)] = "artifact=" + Artifact,
        [nameof(Routes.RevisePatch)] = $$"""{"artifact":"{{Artifact}}"}""",
        [nameof(Routes.WithdrawPatchForm)] = "comment=Why",
        [nameof(Routes.WithdrawPatch)] = """{"comment":"Why"}""",
        [nameof(Routes.ReviewPatchForm)] = "text=Fine",
        [nameof(Routes.ReviewPatch)] = """{"text":"Fine"}""",
        [nameof(Routes.RequestPatch)] = """{"title":"","description":"","type":"normal","severity":"low","service":"register"}""",
        [nameof(Routes.DecideRecoveryStepForm)] = "decision=retry",
        [nameof(Routes.DecideRecoveryStep)] = """{"decision":"retry"}""",
        [nameof(Routes.DecideRollout)] = """{"decision":"pause"}""",
        [nameof(Routes.DecideRolloutForm)] = "decision=pause",
        [nameof(Routes.VoteHelpForm)] = "helpful=yes",
        [nameof(Routes.VoteHelp)] = """{"isHelpful":true}""",
        [nameof(Routes.ReviewDocument)] = """{"version":"01234567","outcome":"confirmed"}""",
        [nameof(Routes.AcknowledgeDocument)] = """{"version":"01234567"}""",
        [nameof(Routes.OpenTicket)] = """{"title":"","description":"","type":"incident"}""",
        [nameof(Routes.ActOnTickets)] = """{"tickets":["T-1001"],"act":{"act":"comment","text":"Seen"}}""",
        [nameof(Routes.BulkTicketsForm)] = "tickets=T-1001&act=comment&text=Seen",
        [nameof(Routes.SkipDuty)] = """{"reason":""}""",
        [nameof(Routes.IssueCredential)] = """{"kind":"token"}""",
        [nameof(Routes.SendFeedback)] = """{"kind":"question","message":""}""",
        [nameof(Routes.BookHours)] = """{"hours":0,"kind":"operations","person":"pat"}""",
        [nameof(Routes.ReverseHours)] = """{"reason":""}""",
        [nameof(Routes.RecordAbsence)] = """{"from":"2026-12-24","to":"2026-12-23","kind":"leave","person":"pat"}""",
        [nameof(Routes.WithdrawAbsence)] = """{"reason":""}""",
        [nameof(Routes.StartRecovery)] = """{"strategy":"register","reason":""}""",
        [nameof(Routes.DecideRecovery)] = """{"decision":"abort"}""",
    };

    /// <summary>Only what asks a server starts one.</summary>
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _register.DisposeAsync();

    [Fact]
    public void The_table_names_every_route_once_and_no_other_in_the_order_of_the_routes()
    {
        var matrix = RouteMatrix.Read();
        Assert.Equal(People.Keys, matrix.Roles);
        var (named, all) = (matrix.Rows.Select(static row => row.Route).ToList(), Routes.All.Select(static route => route.Name).ToList());
        Assert.True(named.Count == named.Distinct().Count(), "Twice: " + string.Join(", ", named.GroupBy(static name => name).Where(static group => group.Count() > 1).Select(static group => group.Key)));
        var (missing, unknown) = (all.Except(named).ToList(), named.Except(all).ToList());
        Assert.True(missing.Count == 0 && unknown.Count == 0, $"No row for: {string.Join(", ", missing)}. No route for: {string.Join(", ", unknown)}.");
        Assert.Equal(all, named);
        Assert.Empty(Bodies.Keys.Except(all));
    }

    [Fact]
    public async Task Everybody_is_answered_on_every_route_as_the_table_says()
    {
        var expected = RouteMatrix.Read().Rows.ToDictionary(static row => row.Route, static row => row, StringComparer.Ordinal);
        await _register.InitializeAsync();
        var clients = new List<Api>();
        foreach (var person in People.Values)
        {
            clients.Add(_register.Server.As(person is null ? null : await _register.IssueAsync(person)));
        }

        // The recovery's step waits for a person: from then on nothing but an answer changes it.
        await Eventually.HoldsAsync(async () => (await _register.Server.Operator.GetAsync("/api/recoveries/" + _register.Recovery)).Body, static body => body.Contains("waiting", StringComparison.Ordinal));
        var different = new List<string>();
        foreach (var route in Routes.All)
        {
            var answers = new List<string>();
            foreach (var client in clients)
            {
                answers.Add(await TryAsync(client, route));
            }

            var row = new RouteMatrixRow(route.Name, answers);
            if (!expected.TryGetValue(route.Name, out var wanted) || !wanted.Answers.SequenceEqual(answers))
            {
                different.Add($"is      {row}\n{(wanted is null ? "        (no row)" : $"should  {wanted}")}");
            }
        }

        clients.ForEach(static client => client.Dispose());
        Assert.True(different.Count == 0, $"{different.Count} routes answer otherwise than route-matrix.txt says:\n{string.Join('\n', different)}");
        Assert.DoesNotContain("fail:", _register.Server.Log, StringComparison.Ordinal);
    }

    private async Task<string> TryAsync(Api client, Route route)
    {
        var body = Bodies.GetValueOrDefault(route.Name, route.IsApi ? "{}" : "");
        HttpContent? content = route.Method != "POST" ? null : route.IsApi ? Api.Json(body) : new StringContent(body, null, "application/x-www-form-urlencoded");
        var answer = await client.SendAsync(new HttpMethod(route.Method), _register.Fill(route.Pattern), content);
        return answer.Status is HttpStatusCode.Found && answer.Headers["Location"].Split('?')[0] == "/sign-in" ? "sign-in" : $"{(int)answer.Status}";
    }
}
