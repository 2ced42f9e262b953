using System.Net;
using System.Runtime.Versioning;
using Maintenance.Web.Http;

namespace Maintenance.Tests.EndToEnd;

/// <summary>What can be read answers without its body too: so ask monitors of availability, caches and download managers.</summary>
[Collection("End to end: reading")]
[UnsupportedOSPlatform("windows")]
public sealed class HeadTests(RunningRegister register) : IClassFixture<RunningRegister>
{
    [Fact]
    public async Task Whatever_can_be_read_says_the_same_of_itself_without_its_body()
    {
        using var ada = register.Server.As(register.TokenOf("ada"));
        var faults = new List<string>();
        foreach (var route in Routes.All.Where(static route => route.Method == "GET"))
        {
            var path = register.Fill(route.Pattern);
            var whole = await ada.GetAsync(path);
            var head = await ada.SendAsync(HttpMethod.Head, path, null);
            if (head.Status != whole.Status || head.Type != whole.Type || head.Body.Length > 0 || head.Headers.GetValueOrDefault("Content-Disposition") != whole.Headers.GetValueOrDefault("Content-Disposition"))
            {
                faults.Add($"{path}: {whole.Status} {whole.Type}, without its body {head.Status} {head.Type} {head.Body}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task What_is_only_sent_has_nothing_to_be_read()
    {
        using var ada = register.Server.As(register.TokenOf("ada"));
        var answer = await ada.SendAsync(HttpMethod.Head, "/api/asset-sources/runs", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal("POST", answer.Headers["Allow"]);
        Assert.Equal("GET, HEAD", (await ada.SendAsync(HttpMethod.Delete, "/api/health", null)).Headers["Allow"]);
    }
}
